using System.Text;
using System.Text.Json;
using StreamRelay.Agents.Push;
using StreamRelay.Events;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Operations;

/// <summary>Ends the task that waits for an external operation: with the result as the observation of its tool call, or with an error.</summary>
public sealed class CompletionHandler(PushSessions sessions, AgentHost host)
{
    private const string FailureCode = "operation_failed";
    private const string UnknownFailure = "The operation failed.";

    /// <summary>Applies a completion, on any node. A repeated one, or one after the end of the task, changes nothing.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before the task ended.</exception>
    /// <exception cref="PublishException">The task cannot accept events now.</exception>
    /// <exception cref="IOException">The store could not write.</exception>
    public async ValueTask ApplyAsync(TaskRecord task, Completion completion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(completion);

        // All completions have one producer, so that a repeated one is found. No client can use its id: a Producer-Id is never empty.
        if (!task.IsEnded)
            await sessions.Find(task.Id).PushAsync(Events(task, completion), new Producer("", 0, 0), TimeSpan.MaxValue, cancellationToken);

        await host.WaitAsync(task.Id, cancellationToken);
    }

    private static List<StreamEvent> Events(TaskRecord task, Completion completion)
    {
        if (!completion.Success)
            return [TaskEvents.Error(new(FailureCode, completion.Error is { Length: > 0 } error ? error : UnknownFailure))];

        var result = completion.Result ?? JsonElement.Parse("null"u8);
        var end = new StreamEvent(StreamEventKind.End, default, AgentEvents.Json(json => WriteResult(json, result)));
        return task.Request.ToolCallId is { } call
            ? [AgentEvents.Observation(call, result, completion.ResultText), end]
            : [new(StreamEventKind.Output, Encoding.UTF8.GetBytes(completion.ResultText)), end];
    }

    private static void WriteResult(Utf8JsonWriter json, JsonElement result)
    {
        json.WritePropertyName("result"u8);
        result.WriteTo(json);
    }
}
