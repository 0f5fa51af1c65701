using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Bodies that are a fault of the client.</summary>
public sealed class BodyFaultTests
{
    [Theory]
    [InlineData("/v1/tasks", "application/json")]
    [InlineData("/v1/chat/completions", "application/json")]
    [InlineData("/v1/messages", "application/json")]
    [InlineData("/v1/tasks/{push}/events", "application/json")]
    [InlineData("/v1/tasks/{push}/events", "application/x-ndjson")]
    public async Task A_malformed_chunk_is_refused_with_400(string path, string type) =>
        await CheckAsync(path, type, "Transfer-Encoding: chunked", "zz\r\n{}", 400);

    [Theory]
    [InlineData("/v1/tasks")]
    [InlineData("/v1/tasks/{push}/events")]
    public async Task A_body_that_comes_too_slowly_is_refused_with_408(string path) =>
        await CheckAsync(path, "application/json", "Content-Length: 1000", "{", 408);

    private static async Task CheckAsync(string path, string type, string header, string body, int status)
    {
        var log = new FakeLogCollector();
        await using var host = await HostApp.StartAsync(new HostAppParts { Services = services => Observe(services, log) }, ("StreamRelay:Agents:push:Type", "push"));
        using var started = await host.StartTaskAsync(null, "push");
        var task = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        var address = host.Client.BaseAddress!;

        var answer = await RawRequest.SendAsync(address, $"POST {path.Replace("{push}", task)} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {type}\r\n{header}\r\n\r\n{body}");

        Assert.Equal(status, RawRequest.Status(answer));
        Assert.Contains("\"type\":\"invalid_request_error\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(log.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    private static void Observe(IServiceCollection services, FakeLogCollector log)
    {
        services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(log));
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MinRequestBodyDataRate = new(1000, TimeSpan.FromSeconds(1.1)));
    }
}
