namespace StreamRelay.Storage.Redis.Resp;

/// <summary>Several commands and their replies in the same order; a refusal is one of the replies.</summary>
internal sealed class RespBatchRequest(ReadOnlyMemory<RespCommand> commands) : RespWaitingRequest<RespValue[]>(commands.Span[0], commands[1..], TimeSpan.Zero)
{
    private readonly RespValue[] _replies = new RespValue[commands.Length];
    private int _count;

    public override bool Accept(in RespValue reply)
    {
        _replies[_count++] = reply;
        if (_count < _replies.Length)
            return false;

        Complete(_replies);
        return true;
    }
}
