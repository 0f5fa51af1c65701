namespace StreamRelay.Redis.Resp;

/// <summary>The server's own refusal. The command had no effect, unless it is a script or a transaction.</summary>
internal sealed class RespErrorException : IOException
{
    /// <param name="reply">What the server said.</param>
    /// <param name="before">Said before it in the message.</param>
    /// <param name="after">Said after it.</param>
    public RespErrorException(string reply, string before = "", string after = "")
        : base(before + reply + after)
    {
        Reply = reply;
    }

    /// <summary>The server's words.</summary>
    public string Reply { get; }

    /// <summary>The first of them, which says what kind of refusal it is: <c>WRONGTYPE</c>, <c>NOGROUP</c>, <c>READONLY</c>, <c>OOM</c> …</summary>
    public string Code => Reply.Split(' ', 2)[0];
}
