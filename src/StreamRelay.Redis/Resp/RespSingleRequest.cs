namespace StreamRelay.Redis.Resp;

/// <summary>One command, one reply; a refusal is thrown.</summary>
internal sealed class RespSingleRequest(RespCommand command, TimeSpan block) : RespWaitingRequest<RespValue>(command, default, block)
{
    private RespValue _reply;

    public override bool Accept(in RespValue reply)
    {
        _reply = reply;
        return true;
    }

    public override void Complete()
    {
        if (_reply.Kind == RespKind.Error)
            Fail(_reply.Refusal());
        else
            Succeed(_reply);
    }
}
