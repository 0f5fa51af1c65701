using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

public class AuthOptionsTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("StreamRelay:Auth:Keys:0:Hash", "sr-secret", "StreamRelay:Auth:Keys:0:Hash must be 64 lower-case hexadecimal digits")]
    [InlineData("StreamRelay:Auth:Keys:0:Hash", "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "StreamRelay:Auth:Keys:0:Hash must be 64 lower-case hexadecimal digits")]
    [InlineData("StreamRelay:Auth:Keys:0:Owner", " ", "StreamRelay:Auth:Keys:0:Owner must name")]
    [InlineData("StreamRelay:Auth:Keys:0:Agents:0", "", "StreamRelay:Auth:Keys:0:Agents must not hold an empty name")]
    [InlineData("StreamRelay:Auth:Keys:0:Agent", "probe", "StreamRelay:Auth:Keys:0:Agent is not a setting")]
    [InlineData("StreamRelay:Auth:Key:0:Owner", "ada", "StreamRelay:Auth:Key is not a setting")]
    [InlineData("StreamRelay:Auth:Keys:0:Agents", "probe", "StreamRelay:Auth:Keys:0:Agents must be a list")]
    [InlineData("StreamRelay:Auth:Origins", "https://app.example.com", "StreamRelay:Auth:Origins must be a list")]
    [InlineData("StreamRelay:Auth:AllowAnonymous", "perhaps", "StreamRelay:Auth:AllowAnonymous")]
    public async Task An_invalid_key_stops_the_start_and_is_named(string name, string value, string message)
    {
        Dictionary<string, string> settings = new() { ["StreamRelay:Auth:Keys:0:Owner"] = "ada", ["StreamRelay:Auth:Keys:0:Hash"] = Hash, [name] = value };
        var start = () => AccessApp.StartAsync([.. settings.Select(setting => (setting.Key, setting.Value))]);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(start);

        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sr-secret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_twice_stops_the_start()
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApp.StartAsync(
            ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", Hash),
            ("StreamRelay:Auth:Keys:1:Owner", "bob"), ("StreamRelay:Auth:Keys:1:Hash", Hash)));

        Assert.Contains("StreamRelay:Auth:Keys:1:Hash must not be that of StreamRelay:Auth:Keys:0", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_may_belong_to_anonymous_where_anyone_is_served()
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => AccessApp.StartAsync(
            ("StreamRelay:Auth:AllowAnonymous", "true"), ("StreamRelay:Auth:Keys:0:Owner", "anonymous"), ("StreamRelay:Auth:Keys:0:Hash", Hash)));

        Assert.Contains("StreamRelay:Auth:Keys:0:Owner must not be 'anonymous'", thrown.Message, StringComparison.Ordinal);
    }
}
