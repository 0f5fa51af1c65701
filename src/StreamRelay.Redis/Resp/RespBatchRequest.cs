namespace StreamRelay.Redis.Resp;

/// <summary>Several commands and their replies in the same order; a refusal is one of the replies.</summary>
internal sealed class RespBatchRequest(ReadOnlyMemory<RespCommand> commands) : RespWaitingRequest<RespValue[]>(commands.Span[0], commands[1..], TimeSpan.Zero)
{
    private readonly RespValue[] _replies = new RespValue[commands.Length];
    private int _count;

    public override bool Accept(in RespValue reply)
    {
        _replies[_count++] = reply;
        return _count == _replies.Length;
    }

    public override void Complete() => Succeed(_replies);
}
