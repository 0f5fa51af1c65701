namespace StreamRelay.Redis.Resp;

/// <summary>SUBSCRIBE or UNSUBSCRIBE: answered with one confirmation for each channel, or with one refusal of them all.</summary>
internal sealed class RespSubscriptionRequest(RespCommand command, int channels) : RespWaitingRequest<bool>(command, default, TimeSpan.Zero)
{
    private int _left = channels;
    private RespErrorException? _refusal;

    public override bool Accept(in RespValue reply)
    {
        if (reply.Kind == RespKind.Error)
            _refusal = reply.Refusal();

        return _refusal is not null || --_left == 0;
    }

    public override void Complete()
    {
        if (_refusal is null)
            Succeed(true);
        else
            Fail(_refusal);
    }

    /// <summary>Whether it is an answer and not a message.</summary>
    public static bool IsConfirmation(in RespValue push) =>
        push.Items[0] is { Kind: RespKind.Bulk or RespKind.Simple } word && word.AsBytes().Span is var text
        && (text.SequenceEqual("subscribe"u8) || text.SequenceEqual("unsubscribe"u8));
}
