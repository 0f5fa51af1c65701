namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>One receiver of webhooks, in section <c>StreamRelay:Webhooks:Endpoints</c>.</summary>
public sealed class WebhookEndpointOptions
{
    /// <summary>The URL that messages are posted to: an absolute <c>https</c> or <c>http</c> URL. Required. Redirects are not followed.</summary>
    public string Url { get; set; } = "";

    /// <summary>The secret that messages are signed with: <c>whsec_</c> and the base64 of 24 to 64 bytes, or any other text of at least 16 characters,
    /// of which the UTF-8 bytes are the key. Required.</summary>
    public string Secret { get; set; } = "";

    /// <summary>What is reported: the end of each task, or the end of each response as OpenAI reports it. Default <see cref="WebhookFormat.Tasks"/>.</summary>
    public WebhookFormat Format { get; set; }

    /// <summary>The owner whose tasks are reported. Default <see langword="null"/>: the tasks of every owner.</summary>
    public string? Owner { get; set; }

    /// <summary>The agents whose tasks are reported. Default empty, which means all agents.</summary>
    public IList<string> Agents { get; set; } = [];
}
