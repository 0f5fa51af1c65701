namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>One receiver of webhooks, in section <c>StreamRelay:Webhooks:Endpoints</c>.</summary>
public sealed class WebhookEndpointOptions
{
    /// <summary>Where messages are posted to: an absolute <c>https</c> or <c>http</c> URL. Required. Redirects are not followed.</summary>
    public string Url { get; set; } = "";

    /// <summary>What messages are signed with: <c>whsec_</c> and the base64 of 24 to 64 bytes, or any other text of at least 16 characters,
    /// of which the UTF-8 bytes are the key. Required.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Only this owner's tasks. Default <see langword="null"/>: everybody's.</summary>
    public string? Owner { get; set; }

    /// <summary>Only the tasks of these agents. Default none named, which means all.</summary>
    public IList<string> Agents { get; set; } = [];
}
