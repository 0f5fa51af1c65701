using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Connection;

/// <summary>Tests connections with TLS to servers whose certificates are trusted or not.</summary>
public sealed class RedisTlsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("127.0.0.1:{0},password=secret,ssl=true,caFile={1}")]
    [InlineData("rediss://:secret@127.0.0.1:{0}?sslHost=localhost&caFile={1}")]
    public async Task A_server_whose_certificate_authority_is_in_the_file_is_trusted_before_and_after_a_restart(string text)
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = true, Password = "secret" });
        await using var connection = RedisStores.Connection(server, string.Format(null, text, server.Port, server.CaFile));
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        Assert.Equal(bytes, (byte[]?)await connection.SendAsync(database => database.ExecuteAsync("ECHO", bytes), None));

        var generation = connection.Generation;
        server.Kill();
        await server.RestartAsync();
        await connection.WhenGenerationAsync(generation, None).WaitAsync(RedisStores.Deadline);

        Assert.Equal("again", (string?)await connection.SendAsync(database => database.ExecuteAsync("ECHO", "again"), None));
    }

    [Theory]
    [InlineData("ssl=true", "certificate")]
    [InlineData("ssl=true,caFile={0},sslHost=elsewhere.example", "RemoteCertificateNameMismatch")]
    [InlineData("ssl=false,connectTimeout=500", "cannot be reached")]
    public async Task A_connection_to_an_untrusted_server_fails_with_the_reason(string settings, string expected)
    {
        await using var server = await RedisServer.StartAsync(new() { Tls = true });
        await using var connection = RedisStores.Connection(server, $"127.0.0.1:{server.Port},{string.Format(null, settings, server.CaFile)}");

        var failure = await Assert.ThrowsAsync<RedisUnavailableException>(() => connection.ConnectAsync(None));

        Assert.Contains(expected, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"127.0.0.1:{server.Port}", failure.Message, StringComparison.Ordinal);
    }
}
