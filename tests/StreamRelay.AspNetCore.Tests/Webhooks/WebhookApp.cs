using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Runs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The whole server on real Kestrel, with the agents <c>agent</c> and <c>other</c>, which answer, fail or run until they are stopped, depending on their input.</summary>
internal sealed class WebhookApp : IAsyncDisposable
{
    public const string Secret = "a secret of the tests";

    private readonly WebApplication _app;

    private WebhookApp(string folder, ObservedTime time, Action<IServiceCollection>? configure, IEnumerable<(string Name, string Value)> settings)
    {
        Folder = folder;
        Time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Urls", "http://127.0.0.1:0"), new("StreamRelay:DataPath", folder)]);
        foreach (var (name, value) in settings)
            builder.Configuration["StreamRelay:Webhooks:" + name] = value;

        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(Log)).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(Time);
        configure?.Invoke(builder.Services);
        builder.Services.AddStreamRelay(builder.Configuration);
        builder.Services.AddSingleton(new AgentDefinition("agent", new DelegateRunner(RunAsync), new()));
        builder.Services.AddSingleton(new AgentDefinition("other", new DelegateRunner(RunAsync), new()));
        _app = builder.Build();
        _app.MapStreamRelay();
    }

    public string Folder { get; }

    public ObservedTime Time { get; }

    public FakeLogCollector Log { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public AgentHost Host => _app.Services.GetRequiredService<AgentHost>();

    /// <summary>The endpoints that messages wait for, once for each message.</summary>
    public IReadOnlyList<string> Pending
    {
        get
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(Folder, "streamrelay.db")};Mode=ReadOnly;Pooling=False");
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "select queue from outbox";
            using var row = command.ExecuteReader();
            List<string> found = [];
            while (row.Read())
                found.Add(row.GetString(0));

            return found;
        }
    }

    /// <summary>Starts with one endpoint, which may be private.</summary>
    public static Task<WebhookApp> StartAsync(string url, params (string Name, string Value)[] settings) => StartAsync(NewFolder(), new(), null, One(url, settings));

    public static async Task<WebhookApp> StartAsync(string folder, ObservedTime time, Action<IServiceCollection>? configure, params (string Name, string Value)[] settings)
    {
        var app = new WebhookApp(folder, time, configure, settings);
        try
        {
            await app._app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("streamrelay-").FullName;

    /// <summary>The settings of one endpoint; the additional ones win.</summary>
    public static (string Name, string Value)[] One(string url, params (string Name, string Value)[] settings) =>
        [.. Endpoint(0, url), ("AllowPrivate", "true"), .. settings];

    public static (string Name, string Value)[] Endpoint(int index, string url) => [($"Endpoints:{index}:Url", url), ($"Endpoints:{index}:Secret", Secret)];

    public async Task<TaskRecord> StartTaskAsync(string input = "hello", string owner = "ada", string agent = "agent")
    {
        var request = new TaskRequest { Id = TaskId.New(Time), Agent = agent, Owner = owner, CreatedAt = Time.GetUtcNow() };
        return (await Host.StartTaskAsync(request, Relay.Text(input), CancellationToken.None)).Task;
    }

    /// <summary>Runs a task to its end.</summary>
    public async Task<string> RunAsync(string input = "hello", string owner = "ada", string agent = "agent")
    {
        var task = await StartTaskAsync(input, owner, agent);
        await Host.WaitAsync(task.Id, CancellationToken.None).WaitAsync(Relay.Deadline);
        return task.Id.ToString();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var input = context.Input.LastUserText();
        await context.OutputAsync($"you said {input}, Grüße", cancellationToken);
        context.SetResult("the result – ü");
        if (input == "long")
            context.FinishReason = "length";
        if (input == "fail")
            throw new AgentException("no_luck", "It did not work out.");
        if (input == "wait")
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
