namespace StreamRelay.Redis.Connection;

/// <summary>Redis refused a command, which had no effect and will be refused again.</summary>
/// <param name="reply">The server's message.</param>
/// <param name="innerException">The library's exception.</param>
internal sealed class RedisRefusedException(string reply, Exception innerException) : IOException(reply, innerException)
{
    /// <summary>The first word of the message, which is the kind of error: <c>WRONGTYPE</c>, <c>NOGROUP</c>, <c>NOPERM</c> …</summary>
    public string Code => Message.Split(' ', 2)[0];

    /// <summary>Whether XADD was refused because the stream has an element with this id or a higher one.</summary>
    public bool IsIdTooLow => Message.Contains("equal or smaller", StringComparison.Ordinal);
}
