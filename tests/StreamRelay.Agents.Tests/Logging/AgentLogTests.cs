using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamRelay.Conversations;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.TestSupport;

namespace StreamRelay.Agents.Logging;

/// <summary>Log lines written in an agent's asynchronous flow appear in the stream of its task.</summary>
public sealed class AgentLogTests
{
    [Fact]
    public async Task Two_concurrent_tasks_that_log_from_shared_code_never_get_lines_of_each_other()
    {
        await using var log = new SharedCode();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            var name = context.Input.LastUserText()!;
            await Parallel.ForAsync(0, 10, token, async (index, _) =>
            {
                log.Work($"{name} {index}");
                await Task.Yield();
                await Task.Run(() => log.Work($"{name} again {index}"), CancellationToken.None);
            });
        });
        for (var round = 0; round < 500; round++)
        {
            var tasks = await Task.WhenAll(relay.RunAsync("left"), relay.RunAsync("right"));
            foreach (var (task, name) in tasks.Zip((string[])["left", "right"]))
            {
                var lines = (await relay.ReadAllAsync(task.Id)).Where(entry => entry.Event.Kind == StreamEventKind.Log).Select(entry => entry.Event.Text()).ToList();
                Assert.Equal(20, lines.Count);
                Assert.All(lines, line => Assert.StartsWith($"working on {name}", line));
            }
        }

        log.Work("nobody's");
    }

    [Fact]
    public async Task A_log_event_has_its_level_category_and_exception_and_levels_are_configured_as_for_any_provider()
    {
        await using var log = new SharedCode(("Logging:Agent:LogLevel:Default", "Warning"), ("Logging:Agent:LogLevel:Microsoft", "Error"));
        await using var relay = await Relay.StartAsync((_, _) =>
        {
            log.Logger("Library").LogInformation("too quiet");
            log.Logger("Library").LogError(new InvalidOperationException("broken"), "It {What}", "failed");
            log.Logger("Microsoft.Something").LogWarning("too quiet");
            log.Logger("Microsoft.Something").LogError("configured");
            log.Logger("StreamRelay.Streams").LogCritical("never: it would feed back on itself");
            return Task.CompletedTask;
        });
        var task = await relay.RunAsync();
        var lines = (await relay.ReadAllAsync(task.Id)).Where(entry => entry.Event.Kind == StreamEventKind.Log).Select(entry => entry.Event).ToList();
        Assert.Equal(["It failed (InvalidOperationException: broken)", "configured"], lines.Select(line => line.Text()));
        Assert.Equal("""{"level":"error","category":"Library"}""", lines[0].Metadata());
    }

    [Fact]
    public async Task Too_many_log_lines_never_block_and_the_number_of_dropped_lines_is_logged()
    {
        await using var log = new SharedCode();
        await using var relay = await Relay.StartAsync((_, _) =>
        {
            for (var line = 0; line < 10_000; line++)
                log.Work($"{line}");

            return Task.CompletedTask;
        }, new StreamOptions { InboxCapacity = 16 });
        var task = await relay.RunAsync();
        var lines = (await relay.ReadAllAsync(task.Id)).Where(entry => entry.Event.Kind == StreamEventKind.Log).Select(entry => entry.Event.Text()).ToLookup(line => line.EndsWith("were dropped.", StringComparison.Ordinal));
        Assert.Equal(10_000, lines[false].Count() + lines[true].Sum(line => int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.NotEmpty(lines[true]);
    }

    /// <summary>Library code without a reference to tasks, and the logging of an application.</summary>
    private sealed class SharedCode : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly ILogger _logger;

        public SharedCode(params (string Key, string Value)[] settings)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
            _services = new ServiceCollection().AddSingleton<IConfiguration>(configuration)
                .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")))
                .AddBuiltInAgents(configuration).BuildServiceProvider();
            _logger = Logger("Library");
        }

        public ILogger Logger(string category) => _services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

#pragma warning disable CA1873 // What is logged costs nothing here.
        public void Work(string item) => _logger.LogInformation("working on {Item}", item);
#pragma warning restore CA1873

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}
