using System.ClientModel;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;

namespace StreamRelay.Agents.ChatModels;

/// <summary>Repeats a failed request until the first piece of its answer arrives, and reports every later failure as one <see cref="AgentException"/>.</summary>
internal sealed class ResilientChatClient(IChatClient inner, ModelOptions options, TimeProvider time) : DelegatingChatClient(inner)
{
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    private readonly ResiliencePipeline _retries = Retries(options, time);

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var answer = await BeginAsync(messages, chatOptions, cancellationToken);
        var finished = false;
        for (var more = answer.HasFirst; more; more = await NextAsync(answer, cancellationToken))
        {
            finished |= answer.Updates.Current.FinishReason is not null;
            yield return answer.Updates.Current;
        }

        if (!finished)
            throw Interrupted(null);
    }

    private async ValueTask<ModelAnswer> BeginAsync(IEnumerable<ChatMessage> messages, ChatOptions? chatOptions, CancellationToken cancellationToken)
    {
        try
        {
            return await _retries.ExecuteAsync(async token =>
            {
                var answer = new ModelAnswer(InnerClient, messages, chatOptions, token);
                try
                {
                    answer.HasFirst = await answer.MoveNextAsync(options.FirstTokenTimeout, time);
                    return answer;
                }
                catch
                {
                    await answer.DisposeAsync();
                    throw;
                }
            }, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw RequestFailed(exception);
        }
    }

    private async ValueTask<bool> NextAsync(ModelAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.MoveNextAsync(options.TokenTimeout, time);
        }
        catch (TimeoutException exception)
        {
            throw new AgentException("model_timeout", $"The model sent nothing more for {options.TokenTimeout.TotalSeconds:0.###} s.", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Interrupted(exception);
        }
    }

    private static AgentException Interrupted(Exception? cause) =>
        new("model_interrupted", "The model's answer broke off before its end.", cause);

    private AgentException RequestFailed(Exception exception) => exception switch
    {
        TimeoutException => new("model_timeout", $"The model gave no answer within {options.FirstTokenTimeout.TotalSeconds:0.###} s.", exception),
        ClientResultException { Status: > 0 } answer when !IsTransient(answer) => new("model_rejected", $"The model's server refused the request with status {answer.Status}.", exception),
        ClientResultException { Status: > 0 } answer => new("model_unavailable", $"The model's server keeps answering with status {answer.Status}.", exception),
        HttpRequestException or IOException or ClientResultException or AggregateException => new("model_unavailable", "The model's server cannot be reached.", exception),
        _ => Interrupted(exception),
    };

    private static bool IsTransient(ClientResultException answer) => answer.Status is 0 or 408 or 429 or >= 500;

    private static ResiliencePipeline Retries(ModelOptions options, TimeProvider time) =>
        options.MaxRetries == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => new(arguments.Outcome.Exception switch
                {
                    ClientResultException answer => IsTransient(answer),
                    HttpRequestException or IOException or AggregateException => true,
                    _ => false,
                }),
                DelayGenerator = arguments => new(RetryAfter(arguments.Outcome.Exception)),
            }).Build();

    private static TimeSpan? RetryAfter(Exception? exception) =>
        exception is ClientResultException answer && answer.GetRawResponse() is { } response && response.Headers.TryGetValue("Retry-After", out var value)
        && RetryConditionHeaderValue.TryParse(value, out var after) && after.Delta <= MaxRetryAfter
            ? after.Delta
            : null;
}
