using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>Turns every failure of a command into one of two exceptions: <see cref="RedisUnavailableException"/> when the command may work a moment
/// later and may have taken effect already, or <see cref="RedisRefusedException"/> when it had no effect and never will.</summary>
internal static class RedisErrors
{
    /// <summary>The error of a server that is a replica.</summary>
    public const string ReadOnly = "READONLY";

    /// <summary>The exception to throw instead; <see langword="null"/> for an exception that does not come from Redis.</summary>
    public static IOException? Translate(Exception exception) => exception switch
    {
        RedisServerException refusal => FromReply(refusal),
        RedisTimeoutException => new RedisUnavailableException("Redis did not answer in time.", exception),
        RedisConnectionException => new RedisUnavailableException($"Redis cannot be reached: {Reason(exception)}", exception),
        RedisException or RedisCommandException => new RedisUnavailableException(exception.Message, exception),
        InvalidCastException or FormatException or OverflowException or (InvalidOperationException and not ObjectDisposedException) =>
            new RedisUnavailableException("Redis answered in another form than the command has.", exception),
        _ => null,
    };

    /// <summary>The innermost message, which says why a connection failed; those around it name the library's states.</summary>
    public static string Reason(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;

        return exception.Message;
    }

    /// <summary>The server's message without the name of its type, which the library puts before some of them.</summary>
    private static string Text(RedisServerException refusal)
    {
        const string Prefix = "SimpleError: ";
        return refusal.Message.StartsWith(Prefix, StringComparison.Ordinal) ? refusal.Message[Prefix.Length..] : refusal.Message;
    }

    private static IOException FromReply(RedisServerException refusal)
    {
        var text = Text(refusal);
        return IsTemporary(text.Split(' ', 2)[0]) ? new RedisUnavailableException(text, refusal) : new RedisRefusedException(text, refusal);
    }

    private static bool IsTemporary(string code) => code is "LOADING" or "BUSY" or "TRYAGAIN" or "MASTERDOWN" or "CLUSTERDOWN" or ReadOnly or "UNBLOCKED"
        or "NOREPLICAS" or "MISCONF" or "OOM" or "MAXCLIENTS";
}
