using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.Tickets;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Mapping;
using StreamRelay.Files;
using StreamRelay.Storage;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>Access control, files and health on real Kestrel, in the order of the server's own pipeline, with stores in memory and a short response in place of the stream.</summary>
internal sealed class AccessApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");
    private readonly WebApplication _app;

    private AccessApp(IEnumerable<(string Name, string Value)> settings, params string[] files)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Urls", "http://127.0.0.1:0"), new("StreamRelay:DataPath", _folder.FullName)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        foreach (var file in files)
            builder.Configuration.AddJsonFile(file, optional: true, reloadOnChange: false);

        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(Logs)).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddMemoryStorage().AddAccess().AddHealth();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(RelayPolicies.Pages);
        _app = builder.Build();
        _app.UseStatusCodePages(context => ApiResults.Status(context.HttpContext, context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        _app.UseCors();
        _app.UseAuthentication();
        _app.UseAuthorization();
        var group = _app.MapRelayGroup();
        FileEndpoints.Map(group);
        TicketEndpoints.Map(group);
        HealthEndpoints.Map(group);
        group.MapGet("/v1/tasks/{id}/events", ReadAsync).WithMetadata(new TicketScope(IsStream: true));
        group.MapGet("/v1/whoami", (HttpContext context) => context.GetOwner());
        group.MapGet("/v1/agents/{agent}", (HttpContext context, string agent) => context.User.MayUse(agent));
        group.MapPost("/api/chat", () => "hello");
    }

    public (string Key, string Hash) Ada { get; private init; }

    public (string Key, string Hash) Bob { get; private init; }

    public FakeTimeProvider Time { get; } = new();

    public FakeLogCollector Logs { get; } = new();

    public DirectoryInfo Folder => _folder;

    public HttpClient Client { get; private set; } = new();

    public Uri Address => Client.BaseAddress!;

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    /// <summary>Starts with the settings alone; without any, no key is configured.</summary>
    public static async Task<AccessApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = new AccessApp(settings);
        await app.StartAsync();
        return app;
    }

    /// <summary>Starts with what these configuration files hold.</summary>
    public static async Task<AccessApp> StartFromFilesAsync(params string[] files)
    {
        var app = new AccessApp([], files);
        await app.StartAsync();
        return app;
    }

    /// <summary>Starts with two owners, <c>ada</c> and <c>bob</c>; bob may use the agent <c>probe</c> only.</summary>
    public static async Task<AccessApp> StartWithKeysAsync(params (string Name, string Value)[] settings)
    {
        (string Key, string Hash)[] keys = [ApiKey.Create(), ApiKey.Create()];
        var app = new AccessApp([
            ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", keys[0].Hash),
            ("StreamRelay:Auth:Keys:1:Owner", "bob"), ("StreamRelay:Auth:Keys:1:Hash", keys[1].Hash), ("StreamRelay:Auth:Keys:1:Agents:0", "probe"),
            .. settings])
        { Ada = keys[0], Bob = keys[1] };
        await app.StartAsync();
        return app;
    }

    /// <summary>A task with these files, each holding <paramref name="content"/>.</summary>
    public async Task<string> AddTaskAsync(string owner, string content = "0123456789", string mediaType = "text/markdown; charset=utf-8", params string[] names)
    {
        var request = new TaskRequest { Id = TaskId.New(TimeProvider.System), Agent = "probe", Owner = owner, CreatedAt = Time.GetUtcNow() };
        List<StoredFile> files = [];
        foreach (var name in names)
        {
            using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(content));
            files.Add(await _app.Services.GetRequiredService<IFileStore>().SaveAsync(request.Id, name, mediaType, bytes, CancellationToken.None));
        }

        await _app.Services.GetRequiredService<ITaskStore>().AddAsync(new() { Request = request, Files = files }, Relay.Text("hello"), CancellationToken.None);
        return request.Id.ToString();
    }

    /// <summary>Deletes the files of a task from the store, but not from its record.</summary>
    public async Task LoseFilesAsync(string task)
    {
        Assert.True(TaskId.TryParse(task, out var id));
        await _app.Services.GetRequiredService<IFileStore>().DeleteAsync(id, CancellationToken.None);
    }

    public async Task<HttpResponseMessage> SendAsync(string path, string? key = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await Client.SendAsync(request);
    }

    public async Task<HttpResponseMessage> AskTicketAsync(string? key, params string[] tasks)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/tickets") { Content = JsonContent.Create(new { tasks }) };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);

        return await Client.SendAsync(request);
    }

    public async Task<string> TicketAsync(string? key, params string[] tasks)
    {
        using var answer = await AskTicketAsync(key, tasks);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<IResult> ReadAsync(string id, HttpContext context, ITaskStore tasks) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
            ? Results.Text($"data: {task.Id}\n\n", "text/event-stream")
            : ApiResults.TaskNotFound(id);

    private async Task StartAsync()
    {
        try
        {
            await _app.StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }

        Client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(_app.Urls.First()) };
    }
}
