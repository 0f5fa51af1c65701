using System.Net;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">The status of the answer, or <see langword="null"/> when there was none.</param>
/// <param name="Text">The status, or why there was none, for the log.</param>
internal readonly record struct WebhookReply(HttpStatusCode? Status, string Text)
{
    /// <summary>Whether the receiver has the message: any 2xx.</summary>
    public bool IsTaken => (int?)Status is >= 200 and < 300;

    /// <summary>Whether the receiver wants no further attempt: 410.</summary>
    public bool IsGone => Status is HttpStatusCode.Gone;
}
