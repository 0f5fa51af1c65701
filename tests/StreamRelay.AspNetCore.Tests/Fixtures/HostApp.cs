using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Conversations;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>An application that embeds the whole of StreamRelay beside its own pages, its own authentication and its own error handling.</summary>
internal sealed class HostApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");
    private readonly WebApplication _app;

    private HostApp(HostAppParts parts, IEnumerable<(string Name, string Value)> settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = parts.Environment });
        builder.Configuration.AddInMemoryCollection([new("Urls", "http://127.0.0.1:0"), new("StreamRelay:DataPath", _folder.FullName), new("StreamRelay:Agents:probe:Type", "probe")]);
        foreach (var (name, value) in settings)
            builder.Configuration.AddInMemoryCollection([new(name, value)]);

        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication().AddJwtBearer(WebTokens.Accept);
        builder.Services.AddAuthorization();
        parts.Services(builder.Services);
        builder.Services.AddStreamRelay(builder.Configuration);
        builder.Services.AddSingleton(new AgentDefinition("echo", new Echo(), new()));
        _app = builder.Build();
        _app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("the application's error page")));
        _app.UseStatusCodePages("text/plain", "the application's page for {0}");
        parts.Pipeline(_app);
        _app.MapGet("/", () => "the application's page");
        _app.MapGet("/secret", (HttpContext context) => context.User.Identity!.Name ?? "a user").RequireAuthorization();
        _app.MapGet("/broken", string () => throw new InvalidOperationException("The application failed."));
        _app.MapPost("/upload", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            return body.Length;
        });
        parts.Relay(_app);
    }

    public HttpClient Client { get; private set; } = new();

    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    public static Task<HostApp> StartAsync(params (string Name, string Value)[] settings) => StartAsync(new HostAppParts(), settings);

    /// <summary>Starts where the application's own scheme authenticates StreamRelay's callers.</summary>
    public static Task<HostApp> StartWithSchemeAsync(HostAppParts? parts = null, params (string Name, string Value)[] settings) =>
        StartAsync(parts ?? new HostAppParts(), [("StreamRelay:Auth:Scheme", "Bearer"), .. settings]);

    public static async Task<HostApp> StartAsync(HostAppParts parts, params (string Name, string Value)[] settings)
    {
        var host = new HostApp(parts, settings);
        try
        {
            await host._app.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.Client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(host._app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
        return host;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, token, null, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> StartTaskAsync(string? token, string agent = "echo") =>
        SendAsync(HttpMethod.Post, "/v1/tasks", token, JsonContent.Create(new { agent, input = "hello" }));

    /// <summary>Starts a task and returns its id.</summary>
    public async Task<string> TaskAsync(string token)
    {
        using var answer = await StartTaskAsync(token);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>The whole answer of an agent, as a chat completion or as an error.</summary>
    public async Task<JsonElement> AskAsync(string agent, string input = "hello")
    {
        using var answer = await SendAsync(
            HttpMethod.Post, "/v1/chat/completions", null, JsonContent.Create(new { model = agent, messages = new[] { new { role = "user", content = input } } }));
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class Echo : IAgentRunner
    {
        public async Task RunAsync(AgentContext context, CancellationToken cancellationToken) =>
            await context.OutputAsync(context.Input.LastUserText() ?? "", cancellationToken);
    }
}
