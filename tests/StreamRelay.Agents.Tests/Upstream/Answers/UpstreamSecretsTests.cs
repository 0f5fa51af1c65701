namespace StreamRelay.Agents.Upstream.Answers;

public sealed class UpstreamSecretsTests
{
    [Theory]
    [InlineData("No such-and-such here.", "No *** here.")]
    [InlineData("No Basic such-and-such here.", "No *** here.")]
    [InlineData("No such-and-such-too here.", "No *** here.")]
    [InlineData("No so&so & so here.", "No *** here.")]
    [InlineData("No ?code=so%26so%20%26%20so here.", "No ?code=*** here.")]
    [InlineData("No Basic blue here.", "No Basic blue here.")]
    public void What_the_agent_sends_is_removed_in_each_of_its_forms(string text, string expected)
    {
        var options = new UpstreamOptions();
        options.Headers["proxy-authorization"] = "Basic such-and-such";
        options.Headers["x-key"] = "such-and-such-too";
        options.Headers["x-team"] = "blue";
        options.Query["code"] = "so&so & so";

        Assert.Equal(expected, options.ToSecrets().Remove(text));
    }
}
