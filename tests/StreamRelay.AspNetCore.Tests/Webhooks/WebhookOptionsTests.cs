namespace StreamRelay.AspNetCore.Webhooks;

public class WebhookOptionsTests
{
    private const string Url = "https://hooks.example.com/5f1c";

    [Theory]
    [InlineData("Endpoints:0:Url", "", "Endpoints:0:Url must be")]
    [InlineData("Endpoints:0:Url", "hooks.example.com", "Endpoints:0:Url must be")]
    [InlineData("Endpoints:0:Url", "ftp://hooks.example.com", "Endpoints:0:Url must be")]
    [InlineData("Endpoints:0:Url", "https://ada:hidden-value@hooks.example.com", "Endpoints:0:Url must be")]
    [InlineData("Endpoints:0:Url", "https://hooks.example.com/#hidden-value", "Endpoints:0:Url must be")]
    [InlineData("Endpoints:0:Secret", "", "Endpoints:0:Secret must be")]
    [InlineData("Endpoints:0:Secret", "hidden-value", "Endpoints:0:Secret must be")]
    [InlineData("Endpoints:0:Secret", "whsec_hidden-value-that-is-long-enough", "Endpoints:0:Secret must be")]
    [InlineData("Endpoints:0:Format", "Neither", "Endpoints:0:Format must be Tasks or Responses")]
    [InlineData("Endpoints:0:Format", "7", "Endpoints:0:Format must be Tasks or Responses")]
    [InlineData("Endpoints:0:Owner", " ", "Endpoints:0:Owner must name")]
    [InlineData("Endpoints:0:Agents:0", "", "Endpoints:0:Agents must not hold")]
    [InlineData("Endpoints:0:Agents", "probe", "Endpoints:0:Agents must be a list")]
    [InlineData("Endpoints:0:Agent", "probe", "Endpoints:0:Agent is not a setting")]
    [InlineData("Endpoints:Url", Url, "Endpoints:Url is not an endpoint")]
    [InlineData("Endpoints", Url, "Endpoints must be a list")]
    [InlineData("Endpoint:0:Url", Url, "Endpoint is not a setting")]
    [InlineData("AllowPrivate", "perhaps", "AllowPrivate")]
    [InlineData("Timeout", "soon", "Timeout")]
    [InlineData("Timeout", "00:00:00", "Timeout: The field Timeout must be between")]
    [InlineData("Timeout", "00:05:01", "Timeout: The field Timeout must be between")]
    [InlineData("MaxAttempts", "0", "MaxAttempts: The field MaxAttempts must be between")]
    [InlineData("MaxAttempts", "101", "MaxAttempts: The field MaxAttempts must be between")]
    [InlineData("RetryDelay", "00:00:00", "RetryDelay: The field RetryDelay must be between")]
    [InlineData("RetryDelay", "01:00:01", "RetryDelay: The field RetryDelay must be between")]
    public async Task An_invalid_option_stops_the_start_and_is_named(string name, string value, string message)
    {
        Dictionary<string, string> settings = new() { ["Endpoints:0:Url"] = Url, ["Endpoints:0:Secret"] = WebhookApp.Secret, [name] = value };
        var start = () => WebhookApp.StartAsync(WebhookApp.NewFolder(), new(), null, [.. settings.Select(setting => (setting.Key, setting.Value))]);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(start);

        Assert.Contains("StreamRelay:Webhooks:" + message, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_receiver_twice_stops_the_start()
    {
        var start = () => WebhookApp.StartAsync(WebhookApp.NewFolder(), new(), null, [.. WebhookApp.Endpoint(0, Url), .. WebhookApp.Endpoint(1, Url)]);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(start);

        Assert.Contains("StreamRelay:Webhooks:Endpoints:1 has the Url and the Owner of StreamRelay:Webhooks:Endpoints:0", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_receiver_may_stand_for_several_owners()
    {
        await using var app = await WebhookApp.StartAsync(WebhookApp.NewFolder(), new(), null, [
            .. WebhookApp.Endpoint(0, Url), ("Endpoints:0:Owner", "ada"), .. WebhookApp.Endpoint(1, Url), ("Endpoints:1:Owner", "bob")]);

        Assert.NotNull(app.Address);
    }
}
