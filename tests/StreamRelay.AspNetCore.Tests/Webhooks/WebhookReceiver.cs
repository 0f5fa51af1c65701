using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A receiver of webhooks on real Kestrel, which answers as a test configures; 204 by default.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<ReceivedWebhook> _arrivals = Channel.CreateUnbounded<ReceivedWebhook>();
    private readonly ConcurrentQueue<ReceivedWebhook> _all = [];
    private readonly WebApplication _app;

    private WebhookReceiver(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public Func<HttpContext, Task> Answer { get; set; } = context => Status(context, StatusCodes.Status204NoContent);

    public IReadOnlyCollection<ReceivedWebhook> All => _all;

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}/hook?token=url-token-5f1c";

    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var receiver = new WebhookReceiver(port);
        await receiver._app.StartAsync();
        receiver.Port = new Uri(receiver._app.Urls.First()).Port;
        return receiver;
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async Task<ReceivedWebhook> NextAsync() => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(Relay.Deadline);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new ReceivedWebhook(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        _all.Enqueue(received);
        await _arrivals.Writer.WriteAsync(received);
        await Answer(context);
    }
}
