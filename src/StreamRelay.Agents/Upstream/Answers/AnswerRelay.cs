using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Publishes the pieces of an answer as events, whichever API they were read from.</summary>
internal sealed class AnswerRelay(AgentContext context)
{
    private const string LogCategory = "StreamRelay.Upstream";

    private StreamEvent? _usage;
    private StreamEventKind _lastText = StreamEventKind.Output;

    /// <summary>The tool calls of the answer.</summary>
    public AnswerToolCalls Calls { get; } = new(context);

    /// <summary>The files in the answer.</summary>
    public AnswerFiles Files { get; } = new(context);

    /// <summary>Whether the answer gave its finish reason. An interrupted answer has none.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Publishes a piece of the answer or of the reasoning, with what belongs to it.</summary>
    public async ValueTask TextAsync(StreamEventKind kind, string text, TextMetadata metadata, CancellationToken cancellationToken)
    {
        _lastText = kind;
        foreach (var piece in AnswerLogprobs.Split(metadata))
            await context.TextAsync(kind, "", piece, cancellationToken);

        await context.TextAsync(kind, text, AnswerLogprobs.IsLarge(metadata) ? metadata with { Logprobs = default } : metadata, cancellationToken);
    }

    /// <summary>Publishes what belongs to no text: with the answer if it does, else with what came last.</summary>
    public ValueTask RestAsync(TextMetadata metadata, CancellationToken cancellationToken)
    {
        var kind = metadata.Logprobs.IsEmpty && metadata.Annotations.IsEmpty ? _lastText : StreamEventKind.Output;
        return metadata.IsEmpty ? ValueTask.CompletedTask : TextAsync(kind, "", metadata, cancellationToken);
    }

    /// <summary>Publishes what the model needs to go on from its reasoning.</summary>
    /// <param name="write">Writes the members of a detail, as <c>reasoning_details</c> of a message has it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask ReasoningDetailAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken) =>
        TextAsync(StreamEventKind.Thought, "", new(false, default, default, AgentEvents.Json(json =>
        {
            json.WriteStartArray("reasoning_details"u8);
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
            json.WriteEndArray();
        })), cancellationToken);

    /// <summary>Publishes what the server sent beside its answer, as data for front ends.</summary>
    public ValueTask DataAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        json.IsEmpty ? ValueTask.CompletedTask : context.DataAsync("upstream", JsonElement.Parse(json.Span), cancellationToken);

    /// <summary>Keeps the usage; the last one that the server reports counts.</summary>
    public void Use(StreamEvent? usage) => _usage = usage ?? _usage;

    /// <summary>Takes a finish reason; an empty one is none.</summary>
    /// <exception cref="AgentException">The reason is a failure.</exception>
    public void Finish(string reason)
    {
        if (reason.Length == 0)
            return;
        if (FinishReasons.IsFailure(reason))
            throw AnswerFault.Ended(reason);

        IsFinished = true;
        context.FinishReason = FinishReasons.Normalize(reason) ?? reason;
        if (FinishReasons.Normalize(reason) is null)
            context.TryLog(LogLevel.Warning, LogCategory, $"The upstream server ended its answer with a reason that is not known: {reason}");
    }

    /// <summary>Publishes what is complete only with the end of the answer.</summary>
    /// <exception cref="AgentException">The answer is not complete.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!IsFinished)
            throw AnswerFault.Interrupted();

        await Calls.CompleteAsync(cancellationToken);
        await Files.CompleteAsync(cancellationToken);
    }

    /// <summary>Reports the usage, if the server reported it.</summary>
    public ValueTask ReportAsync() => _usage is null ? ValueTask.CompletedTask : context.PublishAsync(_usage, CancellationToken.None);
}
