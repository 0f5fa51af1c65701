namespace StreamRelay.Storage.Redis.Resp;

/// <summary>One command, one reply; a refusal is thrown.</summary>
internal sealed class RespSingleRequest(RespCommand command, TimeSpan block) : RespWaitingRequest<RespValue>(command, default, block)
{
    public override bool Accept(in RespValue reply)
    {
        if (reply.Kind == RespKind.Error)
            Fail(reply.Refusal());
        else
            Complete(reply);

        return true;
    }
}
