namespace StreamRelay.Redis.Resp;

/// <summary>Commands that are sent together, and whoever waits for their replies.</summary>
/// <param name="first">What to send.</param>
/// <param name="others">What to send behind it.</param>
/// <param name="block">How much longer than usual the server may take.</param>
internal abstract class RespRequest(RespCommand first, ReadOnlyMemory<RespCommand> others, TimeSpan block)
{
    private long _sentAt;

    public RespCommand First => first;

    public ReadOnlyMemory<RespCommand> Others => others;

    public TimeSpan Block => block;

    /// <summary>The only connection that it may be sent on, by its <see cref="RespConnection.Generation"/>; <see langword="null"/> for any.</summary>
    public long? Generation { get; init; }

    /// <summary>When it was queued.</summary>
    public long QueuedAt { get; set; }

    /// <summary>When the last of it so far was sent.</summary>
    public long SentAt
    {
        get => Volatile.Read(ref _sentAt);
        set => Volatile.Write(ref _sentAt, value);
    }

    /// <summary>Whether nobody waits any more.</summary>
    public abstract bool IsOver { get; }

    /// <returns>Whether that was the last reply to it, and <see cref="Complete"/> is next.</returns>
    public abstract bool Accept(in RespValue reply);

    /// <summary>Tells the sender, when it is not in flight any more.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}
