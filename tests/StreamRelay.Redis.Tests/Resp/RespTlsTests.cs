using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

public sealed class RespTlsTests
{
    [Fact]
    public async Task A_server_is_trusted_that_the_authority_in_the_file_vouches_for()
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = true, Password = "secret" });
        await using var connection = await server.ConnectAsync();
        await using var named = await server.ConnectAsync(RedisOptions.Parse($"rediss://:secret@127.0.0.1:{server.Port}?sslHost=localhost&caFile={server.CaFile}"));
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        Assert.True((await connection.SendAsync("ECHO", bytes)).AsBytes().Span.SequenceEqual(bytes));
        Assert.Equal("named", (await named.SendAsync("ECHO", "named")).AsText());
    }

    [Theory]
    [InlineData("ssl=true", "certificate")]
    [InlineData("ssl=true,caFile={0},sslHost=elsewhere.example", "RemoteCertificateNameMismatch")]
    [InlineData("ssl=true,caFile={0}.missing", "ca.pem.missing")]
    [InlineData("ssl=false", "cannot be reached")]
    public async Task A_server_that_cannot_be_trusted_is_not_talked_to(string settings, string expected)
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = true });
        var options = RedisOptions.Parse($"127.0.0.1:{server.Port},{string.Format(null, settings, server.CaFile)}");

        var failure = await Assert.ThrowsAsync<RespUnavailableException>(() => server.ConnectAsync(options));

        Assert.Contains(expected, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_comes_back_after_the_server_did()
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = true });
        await using var connection = await server.ConnectAsync(server.Options() with { SendTimeout = RespSetup.Deadline });

        server.Kill();
        await server.RestartAsync();
        await connection.WhenGenerationAsync(1, CancellationToken.None).WaitAsync(RespSetup.Deadline);

        Assert.Equal("again", (await connection.SendAsync("ECHO", "again")).AsText());
    }
}
