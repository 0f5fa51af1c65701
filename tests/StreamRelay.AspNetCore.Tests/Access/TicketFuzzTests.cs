using Microsoft.Extensions.Options;
using StreamRelay.Storage;
using StreamRelay.Tasks;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.AspNetCore.Access;

[Collection(nameof(MeasuredAlone))]
public sealed class TicketFuzzTests : IDisposable
{
    private const string Purpose = "test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_ticket_that_was_changed_opens_nothing()
    {
        var signer = new TicketSigner(Options.Create(new StorageOptions { DataPath = _folder.FullName }), TimeProvider.System);
        var ticket = new Ticket("ada", "key", [TaskId.New(TimeProvider.System)], TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), Ticket.Endless);
        var signed = signer.Sign(ticket, Purpose);

        Fuzz.Text(5_000, [signed, signed[..20], ""], text => Assert.True(signer.Read(text, Purpose) is null || WithoutSpaces(text) == signed));
        Assert.Equal("ada", signer.Read(signed, Purpose)?.Owner);
        Assert.Null(signer.Read(signed, "another purpose"));
    }

    // Base64 may have spaces anywhere.
    private static string WithoutSpaces(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));
}
