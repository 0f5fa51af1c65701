namespace StreamRelay.AspNetCore.Access;

public class AccessGuardTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7860")]
    [InlineData("http://127.8.8.8:7860")]
    [InlineData("https://localhost:7860")]
    [InlineData("http://[::1]:7860")]
    [InlineData("http://unix:/run/streamrelay.sock")]
    public void This_machines_own_addresses_need_no_key(string address) => AccessGuardService.Check([address], isLoopbackOnly: true);

    [Theory]
    [InlineData("http://0.0.0.0:7860")]
    [InlineData("http://[::]:7860")]
    [InlineData("http://*:7860")]
    [InlineData("http://+:7860")]
    [InlineData("http://192.168.1.5:7860")]
    [InlineData("http://relay.example:7860")]
    [InlineData("http://localhost.example:7860")]
    public void Other_addresses_need_a_key_and_the_message_says_how(string address)
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => AccessGuardService.Check(["http://127.0.0.1:7860", address], isLoopbackOnly: true));

        Assert.Contains(address, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--new-key", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("StreamRelay:Auth:Keys:0:Hash", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("StreamRelay:Auth:AllowAnonymous", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("StreamRelay:Auth:Scheme", thrown.Message, StringComparison.Ordinal);
        AccessGuardService.Check([address], isLoopbackOnly: false);
    }

    [Theory]
    [InlineData("Urls", "http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://0.0.0.0:0")]
    public async Task A_server_that_would_listen_elsewhere_without_keys_refuses_to_start(string name, string value)
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApp.StartAsync((name, value)));

        Assert.Contains("--new-key", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_allows_anonymous_callers_may_listen_on_any_address()
    {
        await using var app = await AccessApp.StartAsync(("Urls", "http://0.0.0.0:0"), ("StreamRelay:Auth:AllowAnonymous", "true"));

        Assert.Equal("0.0.0.0", app.Address.Host);
    }
}
