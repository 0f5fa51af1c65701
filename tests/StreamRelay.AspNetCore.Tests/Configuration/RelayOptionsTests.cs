using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Configuration;

public class RelayOptionsTests
{
    [Theory]
    [InlineData("StreamRelay:Agents:a:Tpye", "push", "StreamRelay:Agents:a:Type is missing")]
    [InlineData("StreamRelay:Agents:p:IdelTimeout", "00:01", "StreamRelay:Agents:p:IdelTimeout is not a setting")]
    [InlineData("StreamRelay:Agents:p:IdleTimeout", "-1", "StreamRelay:Agents:p:IdleTimeout: ")]
    [InlineData("StreamRelay:Agents:p:OnRestart", "7", "StreamRelay:Agents:p:OnRestart must be one of Fail, Resume")]
    [InlineData("StreamRelay:Agents:probe:DoubleText", "5", "StreamRelay:Agents:probe:DoubleText must be one of")]
    [InlineData("StreamRelay:Agents:probe:MaxAttempts", "0", "StreamRelay:Agents:probe:MaxAttempts: ")]
    [InlineData("StreamRelay:Agents:c:Arguments", "-n", "StreamRelay:Agents:c:Arguments must be a list")]
    [InlineData("StreamRelay:Streams:InboxCapacty", "5", "StreamRelay:Streams:InboxCapacty is not a setting")]
    [InlineData("StreamRelay:Streams:InboxCapacity", "-5", "StreamRelay:Streams:InboxCapacity: ")]
    [InlineData("StreamRelay:Cluster:Prefx", "staging", "StreamRelay:Cluster:Prefx is not a setting")]
    [InlineData("StreamRelay:Operations:MaxDelivery", "3", "StreamRelay:Operations:MaxDelivery is not a setting")]
    [InlineData("StreamRelay:Auht:AllowAnonymous", "false", "StreamRelay:Auht is not a setting; did you mean Auth? There are: ")]
    [InlineData("StreamRelay:Stremas:InboxCapacity", "5", "StreamRelay:Stremas is not a setting; did you mean Streams? There are: ")]
    [InlineData("StreamRelay:DefaultAgnet", "probe", "StreamRelay:DefaultAgnet is not a setting; did you mean DefaultAgent? There are: ")]
    [InlineData("StreamRelay:Colour", "blue", "StreamRelay:Colour is not a setting; there are: ")]
    [InlineData("StreamRealy:Auth:AllowAnonymous", "false", "StreamRealy is not a setting; did you mean StreamRelay?")]
    [InlineData("StreamRelay:DefaultAgent", "nobody", "StreamRelay:DefaultAgent is 'nobody', and there is no such agent")]
    public async Task An_invalid_option_stops_the_start_and_is_named(string name, string value, string message)
    {
        var start = () => StartAsync((name, value));

        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(start);

        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_of_the_application_s_own_may_have_settings_of_its_own() =>
        await StartAsync(("StreamRelay:Agents:mine:Colour", "blue"), ("StreamRelay:Agents:mine:StopGrace", "00:00:01"), ("StreamRelay:DefaultAgent", "mine"));

    private static async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var builder = WebApplication.CreateSlimBuilder();
        Dictionary<string, string> all = new()
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["StreamRelay:DataPath"] = folder.FullName,
            ["StreamRelay:Agents:probe:Type"] = "probe",
            ["StreamRelay:Agents:p:Type"] = "push",
            ["StreamRelay:Agents:c:Type"] = "process",
            ["StreamRelay:Agents:c:Command"] = "cat",
        };
        foreach (var (name, value) in all.Select(setting => (setting.Key, setting.Value)).Concat(settings))
            builder.Configuration[name] = value;

        builder.Services.AddStreamRelay(builder.Configuration).AddStreamRelayCluster(builder.Configuration).AddAgent<Mine>("mine");
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            await app.StopAsync();
        }

        folder.Delete(recursive: true);
    }

    private sealed class Mine : Agents.IAgentRunner
    {
        public Task RunAsync(Agents.AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
