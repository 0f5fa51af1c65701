namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>One frame of an answer: an event of an event stream, or a whole body that is no event stream.</summary>
/// <param name="Event">The type of the event; empty when the server named none.</param>
/// <param name="Data">The data, without white space around it.</param>
internal readonly record struct AnswerFrame(string Event, string Data)
{
    private const string DoneMark = "[DONE]";

    /// <summary>Whether nothing follows that belongs to the answer.</summary>
    public bool IsDone => Data.EndsWith(DoneMark, StringComparison.Ordinal);

    /// <summary>Whether the server sends it only to keep the connection open. Data of such a frame that is JSON may still be a part of the answer.</summary>
    public bool IsPing => Event is "ping" or "heartbeat" or "keepalive" or "keep-alive" && !Data.Contains('{');

    /// <summary>Whether it reports a failure, whatever its data looks like.</summary>
    public bool IsError => Event == "error";

    /// <summary>The data that comes before the end of the answer: JSON values, one after the other.</summary>
    public string Json => IsDone ? Data[..^DoneMark.Length] : Data;
}
