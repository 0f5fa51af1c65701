using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>Relays the answer of a model of another server. When the server fails, the task fails with one error and keeps the events that were published.</summary>
public sealed class UpstreamRunner : IAgentRunner, IInputCheck, IDisposable
{
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _time;
    private readonly UpstreamSecrets _secrets;
    private readonly UpstreamClient _client;

    /// <param name="options">The server, the model and the timeouts.</param>
    /// <param name="time">The clock.</param>
    public UpstreamRunner(UpstreamOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _secrets = options.ToSecrets();
        _client = new(options, _secrets, time);
    }

    /// <inheritdoc/>
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(new InputReport(UpstreamTurns.Check(JsonElement.Parse(input.Content.Span)), _options.Api.Write(input, _options).Dropped));
    }

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var timeout = new CancellationTokenSource(_options.FirstTokenTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var relay = new AnswerRelay(context);
        var hasBegun = false;
        try
        {
            var request = _options.Api.Write(context.Input, _options).Body;
            using var answer = await _client.AskAsync(request, $"{context.Request.Id}-{context.Attempt}", linked.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(linked.Token);
            var reader = _options.Api.CreateReader(relay, _secrets);
            await foreach (var frame in AnswerBody.ReadAsync(body, linked.Token))
            {
                await reader.AddAsync(frame, cancellationToken);
                if (reader.IsDone)
                    break;

                hasBegun = true;
                timeout.CancelAfter(_options.TokenTimeout);
            }

            await reader.CompleteAsync(cancellationToken);
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
        ? new("upstream_timeout", $"The upstream server sent nothing more for {_options.TokenTimeout.TotalSeconds:0.###} s.", cause)
        : new("upstream_timeout", $"The upstream server gave no answer within {_options.FirstTokenTimeout.TotalSeconds:0.###} s.", cause);
}
