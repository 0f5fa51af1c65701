using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads the answer of a server: the frames of a stream, or one document.</summary>
/// <param name="relay">Publishes what is read.</param>
/// <param name="secrets">What no error may show.</param>
internal abstract class AnswerReader(AnswerRelay relay, UpstreamSecrets secrets)
{
    /// <summary>Whether the answer is complete, so that nothing more belongs to it.</summary>
    public bool IsDone { get; private protected set; }

    private protected AnswerRelay Relay => relay;

    /// <summary>Publishes the content of one frame.</summary>
    /// <exception cref="AgentException">The frame is an error, or cannot be read.</exception>
    public async ValueTask AddAsync(AnswerFrame frame, CancellationToken cancellationToken)
    {
        if (frame.IsPing)
            return;
        if (frame.IsError)
            throw ToException(ReadError(frame));

        foreach (var json in AnswerValues.Parse(frame.Json))
        {
            if (UpstreamError.Read(json) is { } error)
                throw ToException(error);

            await AddAsync(json, frame.Event, cancellationToken);
        }

        IsDone |= frame.IsDone;
    }

    /// <summary>Publishes what is complete only with the end of the answer.</summary>
    /// <exception cref="AgentException">The answer is not complete.</exception>
    public virtual ValueTask CompleteAsync(CancellationToken cancellationToken) => relay.CompleteAsync(cancellationToken);

    /// <summary>Publishes the content of one JSON value, which is no error.</summary>
    /// <param name="json">The value.</param>
    /// <param name="name">The type of the event that it came in; empty when the server named none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    private protected abstract ValueTask AddAsync(JsonElement json, string name, CancellationToken cancellationToken);

    /// <summary>An object that an event must have.</summary>
    /// <exception cref="AgentException">It is missing, or something else.</exception>
    private protected static JsonElement Object(JsonElement json, string name) => json.Find(name) switch
    {
        { ValueKind: JsonValueKind.Object } value => value,
        { } other => throw AnswerFault.Field(name, other.ValueKind),
        null => throw AnswerFault.Malformed($"an event without '{name}'"),
    };

    /// <summary>The failure of the task by an error of the server.</summary>
    private protected AgentException ToException(UpstreamError error) => error.ToException(secrets);

    private static UpstreamError ReadError(AnswerFrame frame)
    {
        try
        {
            return UpstreamError.Describe(JsonElement.Parse(frame.Data));
        }
        catch (JsonException)
        {
            return new(frame.Data, null);
        }
    }
}
