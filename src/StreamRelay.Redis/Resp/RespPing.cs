namespace StreamRelay.Redis.Resp;

/// <summary>Asks an idle server whether it is still there; any answer will do, and nobody waits for it.</summary>
internal sealed class RespPing() : RespRequest(RespCommand.Of("PING"), default, TimeSpan.Zero)
{
    public override bool IsOver => false;

    public override bool Accept(in RespValue reply) => true;

    public override void Complete()
    {
    }

    public override void Fail(Exception failure)
    {
    }
}
