using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Sends the messages of the outbox while the server runs.</summary>
internal sealed class WebhookService(
    WebhookQueues queues, WebhookClient client, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await queues.CleanUpAsync(stoppingToken);
        await Task.WhenAll(queues.All
            .Select(queue => new WebhookDispatcher(queue, client, options.Value, time, logger))
            .Select(dispatcher => dispatcher.RunAsync(stoppingToken)));
    }
}
