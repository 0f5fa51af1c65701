namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The response that a webhook is about.</summary>
/// <param name="Id">Its id.</param>
internal sealed record ResponseMessageData(string Id);
