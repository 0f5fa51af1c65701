using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents.Upstream;

/// <summary>Options that are checked when the server starts.</summary>
public sealed class UpstreamOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Authorization")]
    [InlineData("authorization")]
    [InlineData("api-key")]
    public void A_header_that_can_hold_the_key_is_taken(string header)
    {
        Assert.Empty(Faults(new() { ApiKey = "a-key", ApiKeyHeader = header }));
        Assert.Empty(Faults(new() { ApiKeyHeader = header }));
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Content-Type")]
    [InlineData("two words")]
    public void A_header_that_cannot_hold_the_key_is_refused(string header) =>
        Assert.Equal(["agent:ApiKeyHeader: It is no name of a header that can hold a key."], Faults(new() { ApiKey = "a-key", ApiKeyHeader = header }));

    [Theory]
    [InlineData("a-key\n", "")]
    [InlineData("a-key\n", "api-key")]
    [InlineData("a-\0key", "")]
    [InlineData("a-clé", "")]
    [InlineData("a-clé", "api-key")]
    public void A_key_that_no_header_can_hold_is_refused_and_not_shown(string key, string header) =>
        Assert.Equal(["agent:ApiKey: It has characters that a header cannot hold, such as a line break."], Faults(new() { ApiKey = key, ApiKeyHeader = header }));

    [Theory]
    [InlineData("a-value\n")]
    [InlineData("a-valué")]
    public void A_value_that_no_header_can_hold_is_refused_and_not_shown(string value)
    {
        var options = new UpstreamOptions();
        options.Headers["x-team"] = value;

        Assert.Equal(["agent:Headers:x-team: It is no header that a request may have."], Faults(options));
    }

    private static IEnumerable<string> Faults(UpstreamOptions options)
    {
        options.BaseUrl = "http://127.0.0.1/v1";
        options.Model = "m";
        using var services = new ServiceCollection().AddOptions<UpstreamOptions>().ValidateOptions("agent").Services.BuildServiceProvider();
        return services.GetRequiredService<IValidateOptions<UpstreamOptions>>().Validate("", options).Failures ?? [];
    }
}
