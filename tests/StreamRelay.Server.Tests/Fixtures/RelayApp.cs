using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>The whole server in this process, on real Kestrel and a folder of its own.</summary>
public sealed class RelayApp : WebApplicationFactory<Program>
{
    private readonly string _folder;
    private readonly Dictionary<string, string?> _settings;
    private readonly bool _keepFolder;

    public RelayApp(Dictionary<string, string?>? settings = null, string? folder = null)
    {
        _keepFolder = folder is not null;
        _folder = folder ?? Directory.CreateTempSubdirectory("streamrelay-").FullName;
        _settings = SharedStores.ForAsync(_folder).GetAwaiter().GetResult();
        foreach (var (key, value) in settings ?? [])
            _settings[key] = value;

        // The port is passed as a setting. Setting it on the host here would race with the start of the program.
        UseKestrel();
        StartServer();
        Client = new() { BaseAddress = ClientOptions.BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    public Uri Address => ClientOptions.BaseAddress;

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static string Chat(string text, bool stream = true, string extra = "") =>
        $$"""{"model":"probe","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{extra}}}""";

    public Task<HttpResponseMessage> PostAsync(string path, string json, HttpCompletionOption completion = HttpCompletionOption.ResponseHeadersRead) =>
        Client.SendAsync(new(HttpMethod.Post, path) { Content = Json(json) }, completion);

    /// <summary>Starts a probe and returns the task's id.</summary>
    public async Task<string> StartAsync(string input, string agent = "probe")
    {
        var answer = await Client.PostAsJsonAsync("/v1/tasks", new { agent, input });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> TaskAsync(string id, string query = "?wait=60") => await Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}{query}");

    public async Task<string> ReadAsync(string id, string query = "", string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{id}/events{query}");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);

        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Urls", "http://127.0.0.1:0");
        builder.UseSetting("StreamRelay:DataPath", _folder);
        builder.UseSetting("Serilog:MinimumLevel", "Warning");
        builder.UseContentRoot(AppContext.BaseDirectory);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);

        builder.ConfigureServices(services => services.Configure<KestrelServerOptions>(options => options.ConfigureEndpointDefaults(endpoint =>
            endpoint.Protocols = _settings.ContainsKey("Test:H2c") ? HttpProtocols.Http2 : HttpProtocols.Http1)));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;

        Client.Dispose();
        if (!_keepFolder && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
