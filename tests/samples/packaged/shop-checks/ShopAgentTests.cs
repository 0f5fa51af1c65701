using StreamRelay.Testing;
using Xunit;

namespace ShopChecks;

public sealed class ShopAgentTests(StreamRelayFactory<Program> shop) : IClassFixture<StreamRelayFactory<Program>>
{
    [Fact]
    public async Task An_agent_runs_without_a_server()
    {
        var run = await AgentHarness.RunAsync(async (context, cancellationToken) => await context.OutputAsync("Hello!", cancellationToken), "hi");

        Assert.Equal("Hello!", run.Text);
    }

    [Fact]
    public async Task A_client_reads_an_agent_of_the_application()
    {
        using var client = shop.CreateRelayClient();

        var task = await client.StartAsync("greet", "hi");
        var text = string.Concat(await client.ReadAsync(task.Id).Select(streamed => streamed.Content).ToListAsync());

        Assert.Equal("Hello!", text);
    }
}
