using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

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

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Each_of_several_runs_at_once_has_an_instance_and_scoped_services_of_its_own(string environment)
    {
        var created = new Created();
        await using var host = await StartScopedAsync(created, environment);

        var answers = await Task.WhenAll(host.AskAsync("scoped", "meet"), host.AskAsync("scoped", "meet"));

        Assert.Equal(["1", "2"], answers.Select(Content).Order());
        Assert.Equal(2, created.Runners);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("fail")]
    public async Task The_scope_of_a_run_is_disposed_before_its_task_ends(string ending)
    {
        var created = new Created();
        await using var host = await StartScopedAsync(created);

        var answer = await host.AskAsync("scoped", ending);

        Assert.Equal(ending == "fail", answer.TryGetProperty("error", out _));
        Assert.Equal(1, created.Disposed);
    }

    [Fact]
    public async Task A_runner_checks_an_input_in_a_scope_of_its_own()
    {
        var created = new Created();
        await using var host = await StartScopedAsync(created);

        var answer = await host.AskAsync("picky");

        Assert.Equal("refused", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1, created.Disposed);
    }

    [Fact]
    public async Task A_runner_whose_events_other_processes_append_makes_its_agent_external()
    {
        AgentRegistry? agents = null;
        await using var host = await StartAsync(
            services => services.AddAgent<Remote>("remote").AddAgent<Plain>("plain"), services => agents = services.GetRequiredService<AgentRegistry>());

        Assert.True(agents!.Find("remote")!.IsExternal);
        Assert.False(agents.Find("plain")!.IsExternal);
    }

    private static Task<HostApp> StartScopedAsync(Created created, string environment = "Production") => HostApp.StartAsync(new HostAppParts
    {
        Environment = environment,
        Services = services => services.AddSingleton(created).AddScoped<Unit>().AddAgent<Scoped>("scoped").AddAgent<Picky>("picky"),
    });

    private static Task<HostApp> StartAsync(Action<IServiceCollection> add, Action<IServiceProvider>? started = null, params (string Name, string Value)[] settings)
    {
        var parts = new HostAppParts { Services = add };
        return HostApp.StartAsync(started is null ? parts : parts with { Pipeline = app => started(app.Services) }, settings);
    }

    private static string? Content(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    /// <summary>Counts what the runs of a test create.</summary>
    private sealed class Created
    {
        private readonly TaskCompletionSource _two = new();
        private int _runners;
        private int _units;
        private int _disposed;

        public int Runners => _runners;

        public int Disposed => _disposed;

        /// <summary>Completes when two runs are in progress.</summary>
        public Task Two => _two.Task;

        public void AddRunner() => Interlocked.Increment(ref _runners);

        public int AddUnit()
        {
            var number = Interlocked.Increment(ref _units);
            if (number == 2)
                _two.SetResult();

            return number;
        }

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    /// <summary>A scoped service that can only be disposed asynchronously.</summary>
    private sealed class Unit(Created created) : IAsyncDisposable
    {
        public int Number { get; } = created.AddUnit();

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            created.Dispose();
        }
    }

    private sealed class Scoped : IAgentRunner
    {
        private readonly Created _created;
        private readonly Unit _unit;

        public Scoped(Created created, Unit unit)
        {
            (_created, _unit) = (created, unit);
            created.AddRunner();
        }

        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
        {
            var input = context.Input.LastUserText();
            if (input == "fail")
                throw new AgentException("failed", "It failed.");
            if (input == "meet")
                await _created.Two.WaitAsync(cancellationToken);

            await context.OutputAsync($"{_unit.Number}", cancellationToken);
        }
    }

    private sealed class Picky(Unit unit) : IAgentRunner, IInputCheck
    {
        public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) =>
            new(new InputReport(new("refused", $"is refused in scope {unit.Number}"), []));

        public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Plain : IAgentRunner
    {
        public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Remote : IExternalRunner
    {
        public Task RunAsync(AgentContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
