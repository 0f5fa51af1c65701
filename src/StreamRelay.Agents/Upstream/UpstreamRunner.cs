using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Agents.Upstream;

/// <summary>Relays the answer of a model of an OpenAI-compatible server. When the server fails, the task fails with one error and keeps the events that were published.</summary>
/// <param name="options">The server, the model and the timeouts.</param>
/// <param name="time">The clock.</param>
public sealed class UpstreamRunner(UpstreamOptions options, TimeProvider time) : IAgentRunner, IDisposable
{
    private const string Done = "[DONE]";

    private readonly UpstreamClient _client = new(options, time);

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var timeout = new CancellationTokenSource(options.FirstTokenTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var relay = new UpstreamRelay(context);
        var hasBegun = false;
        try
        {
            using var answer = await _client.AskAsync(UpstreamRequest.Write(context.Input, options.Model), $"{context.Request.Id}-{context.Attempt}", linked.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(linked.Token);
            await foreach (var frame in SseParser.Create(body).EnumerateAsync(linked.Token))
            {
                if (frame.Data == Done)
                    break;

                await RelayAsync(relay, frame, cancellationToken);
                hasBegun = true;
                timeout.CancelAfter(options.TokenTimeout);
            }

            if (!relay.IsFinished)
                throw Interrupted(null);

            await relay.EndAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(hasBegun, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw Interrupted(exception);
        }
        finally
        {
            await relay.ReportAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async ValueTask RelayAsync(UpstreamRelay relay, SseItem<string> frame, CancellationToken cancellationToken)
    {
        try
        {
            using var chunk = JsonDocument.Parse(Encoding.UTF8.GetBytes(frame.Data));
            await relay.AddAsync(chunk.RootElement, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new AgentException("upstream_malformed", "The upstream server sent something that is not a chunk of an answer.", exception);
        }
    }

    private AgentException TimedOut(bool hasBegun, Exception cause) => hasBegun
        ? new("upstream_timeout", $"The upstream server sent nothing more for {options.TokenTimeout.TotalSeconds:0.###} s.", cause)
        : new("upstream_timeout", $"The upstream server gave no answer within {options.FirstTokenTimeout.TotalSeconds:0.###} s.", cause);

    private static AgentException Interrupted(Exception? cause) =>
        new("upstream_interrupted", "The upstream server's answer broke off before its end.", cause);
}
