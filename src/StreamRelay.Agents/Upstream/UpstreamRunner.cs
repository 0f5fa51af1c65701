using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>Relays the answer of a model of an OpenAI-compatible server. When the server fails, the task fails with one error and keeps the events that were published.</summary>
/// <param name="options">The server, the model and the timeouts.</param>
/// <param name="time">The clock.</param>
public sealed class UpstreamRunner(UpstreamOptions options, TimeProvider time) : IAgentRunner, IInputCheck, IDisposable
{
    private readonly UpstreamClient _client = new(options, time);

    /// <inheritdoc/>
    public InputReport Check(TaskInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(UpstreamTurns.Check(JsonElement.Parse(input.Content.Span)), UpstreamRequest.Write(input, options.Model).Dropped);
    }

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var timeout = new CancellationTokenSource(options.FirstTokenTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var relay = new AnswerRelay(context);
        var hasBegun = false;
        try
        {
            var request = UpstreamRequest.Write(context.Input, options.Model).Body;
            using var answer = await _client.AskAsync(request, $"{context.Request.Id}-{context.Attempt}", linked.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(linked.Token);
            var reader = new ChatAnswerReader(relay, options.ApiKey);
            await foreach (var frame in AnswerBody.ReadAsync(body, linked.Token))
            {
                await reader.AddAsync(frame, cancellationToken);
                if (frame.IsDone)
                    break;

                hasBegun = true;
                timeout.CancelAfter(options.TokenTimeout);
            }

            await relay.CompleteAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(hasBegun, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw AnswerFault.Interrupted(exception);
        }
        finally
        {
            await relay.ReportAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private AgentException TimedOut(bool hasBegun, Exception cause) => hasBegun
        ? new("upstream_timeout", $"The upstream server sent nothing more for {options.TokenTimeout.TotalSeconds:0.###} s.", cause)
        : new("upstream_timeout", $"The upstream server gave no answer within {options.FirstTokenTimeout.TotalSeconds:0.###} s.", cause);
}
