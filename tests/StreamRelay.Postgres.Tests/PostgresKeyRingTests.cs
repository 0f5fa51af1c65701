using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace StreamRelay.Postgres;

public sealed class PostgresKeyRingTests : PostgresTests
{
    [Fact]
    public async Task Data_protected_on_one_node_is_readable_on_every_node()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        using var first = Provider(one);
        using var second = Provider(two);

        var text = Protector(first).Protect("ticket");

        Assert.Equal("ticket", Protector(second).Unprotect(text));
        Assert.Equal("answer", Protector(first).Unprotect(Protector(second).Protect("answer")));
        Assert.Equal(1L, await ExecuteAsync("select count(*) from streamrelay.keys"));
    }

    [Fact]
    public async Task A_revoked_key_is_revoked_on_every_node()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        using var first = Provider(one);
        var text = Protector(first).Protect("ticket");
        first.GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.MaxValue);

        using var second = Provider(two);

        Assert.ThrowsAny<CryptographicException>(() => Protector(second).Unprotect(text));
    }

    private static ServiceProvider Provider(PostgresStore store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDataProtection().SetApplicationName("StreamRelay");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = store.Keys);
        return services.BuildServiceProvider();
    }

    private static IDataProtector Protector(ServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tickets");
}
