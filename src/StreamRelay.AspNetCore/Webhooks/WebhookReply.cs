using System.Net;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The outcome of one attempt.</summary>
/// <param name="Status">The status of the response, or <see langword="null"/> without one.</param>
/// <param name="Text">The status, or the reason why there is none, for the log.</param>
internal readonly record struct WebhookReply(HttpStatusCode? Status, string Text)
{
    /// <summary>Whether the receiver accepted the message: any 2xx.</summary>
    public bool IsAccepted => (int?)Status is >= 200 and < 300;

    /// <summary>Whether the receiver refuses further attempts: 410.</summary>
    public bool IsGone => Status is HttpStatusCode.Gone;
}
