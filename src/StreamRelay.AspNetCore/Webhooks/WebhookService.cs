using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Sends the messages of the outbox while the server runs.</summary>
internal sealed class WebhookService(
    WebhookOutbox outbox, WebhookClient client, IOptions<WebhookOptions> options, AgentHost host, ITaskStore tasks, TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        outbox.CleanUp();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(outbox.Queues
            .Select(queue => new WebhookDispatcher(queue, client, options.Value, host, tasks, time, logger))
            .Select(dispatcher => dispatcher.RunAsync(stoppingToken)));
}
