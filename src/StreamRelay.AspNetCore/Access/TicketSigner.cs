using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Signs and encrypts tickets with keys of its own. It does not use the application's data protection.</summary>
internal sealed class TicketSigner(IOptions<StorageOptions> storage, TimeProvider time, IXmlRepository? shared = null)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lazy<IDataProtectionProvider> _provider = new(() => shared is null ? Open(Path.Combine(storage.Value.DataPath, "keys")) : Open(shared));

    /// <summary>The signed ticket as a text for URLs and cookies. <see cref="Read"/> accepts it for the same purpose only.</summary>
    public string Sign(Ticket ticket, string purpose) =>
        Base64Url.EncodeToString(_provider.Value.CreateProtector(purpose).Protect(ticket.ToBytes()));

    /// <summary>The ticket, or <see langword="null"/> when the text is not valid, was signed for another purpose, or has expired.</summary>
    public Ticket? Read(string text, string purpose)
    {
        try
        {
            var ticket = Ticket.FromBytes(_provider.Value.CreateProtector(purpose).Unprotect(Base64Url.DecodeFromChars(text)));
            return ticket?.ExpiresAt > time.GetUtcNow() ? ticket : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Uses keys that all nodes share, so that every node accepts the tickets of every other.</summary>
    private static IDataProtectionProvider Open(IXmlRepository keys)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("StreamRelay");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = keys);
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    private static IDataProtectionProvider Open(string folder)
    {
        var keys = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, OwnerOnly);
        return DataProtectionProvider.Create(keys, builder => builder.SetApplicationName("StreamRelay"));
    }
}
