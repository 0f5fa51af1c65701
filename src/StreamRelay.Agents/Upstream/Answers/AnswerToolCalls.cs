namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Separates the tool calls of an answer. A new id starts a call; a piece without one belongs to the call of its index, or to the last one.</summary>
/// <remarks>Servers give all calls one index, one id to several calls, an index without an id, or neither.</remarks>
internal sealed class AnswerToolCalls(AgentContext context)
{
    private readonly List<AnswerToolCall> _calls = [];

    /// <summary>Publishes a piece of a call.</summary>
    public async ValueTask AddAsync(AnswerToolPiece piece, CancellationToken cancellationToken)
    {
        var call = Find(piece);
        if (call is null)
        {
            if (_calls.Count > 0)
                await _calls[^1].PublishAsync(context, mayInventId: true, cancellationToken);

            _calls.Add(call = new($"c{context.Attempt}_{_calls.Count + 1}_{context.Request.Id}"));
        }

        call.Add(piece, _calls.Exists(other => other != call && other.Id == piece.Id));
        await call.PublishAsync(context, mayInventId: false, cancellationToken);
    }

    /// <summary>Publishes the calls with their complete arguments.</summary>
    /// <exception cref="AgentException">A call has no name.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var call in _calls)
            await call.CompleteAsync(context, cancellationToken);
    }

    private AnswerToolCall? Find(AnswerToolPiece piece)
    {
        if (piece.Id is not null && _calls.FindLast(call => call.HasId(piece)) is { } known)
            return known.IsFollowedBy(piece) ? null : known;

        var last = piece.Index is { } index ? _calls.FindLast(call => call.Index == index) : _calls.LastOrDefault();
        return last?.Continues(piece) == true ? last : null;
    }
}
