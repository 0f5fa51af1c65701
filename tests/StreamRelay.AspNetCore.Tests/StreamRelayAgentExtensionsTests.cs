using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;
using StreamRelay.Conversations;

namespace StreamRelay.AspNetCore;

public sealed class StreamRelayAgentExtensionsTests
{
    [Fact]
    public async Task A_delegate_is_an_agent()
    {
        await using var host = await StartAsync(services => services.AddAgent(
            "shout", async (context, cancellationToken) => await context.OutputAsync(context.Input.LastUserText()!.ToUpperInvariant(), cancellationToken)));

        Assert.Equal("HELLO", Content(await host.AskAsync("shout")));
    }

    [Fact]
    public async Task The_configuration_overrides_what_code_says_of_an_agent()
    {
        AgentOptions? options = null;
        await using var host = await StartAsync(
            services => services.AddAgent("idle", (_, _) => Task.CompletedTask, idle => (idle.MaxQueued, idle.MaxConcurrent) = (1, 2)),
            app => options = app.GetRequiredService<AgentRegistry>().Find("idle")?.Options,
            ("StreamRelay:Agents:idle:MaxConcurrent", "3"));

        Assert.Equal((1, 3), (options!.MaxQueued, options.MaxConcurrent));
    }

    private static Task<HostApp> StartAsync(Action<IServiceCollection> add, Action<IServiceProvider>? started = null, params (string Name, string Value)[] settings)
    {
        var parts = new HostAppParts { Services = add };
        return HostApp.StartAsync(started is null ? parts : parts with { Pipeline = app => started(app.Services) }, settings);
    }

    private static string? Content(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
}
