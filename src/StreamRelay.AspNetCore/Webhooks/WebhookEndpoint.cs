using System.Security.Cryptography;
using System.Text;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A receiver of webhooks.</summary>
internal sealed class WebhookEndpoint
{
    private const int IdBytes = 6;

    private readonly string? _owner;
    private readonly HashSet<string> _agents;

    public WebhookEndpoint(WebhookEndpointOptions options)
    {
        Url = new(options.Url);
        Key = WebhookSecret.TryRead(options.Secret, out var key) ? key : throw new ArgumentException("The secret is not valid.", nameof(options));
        Format = options.Format;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Url}\n{options.Owner}{Suffix(options.Format)}")).AsSpan(0, IdBytes));
        Name = Url.GetLeftPart(UriPartial.Authority);
        _owner = options.Owner;
        _agents = [.. options.Agents];
    }

    public Uri Url { get; }

    public byte[] Key { get; }

    /// <summary>What is reported to it.</summary>
    public WebhookFormat Format { get; }

    /// <summary>Lower-case hexadecimal digits, derived from the URL, the owner and the format: the same after a restart, at any position in the list.</summary>
    public string Id { get; }

    /// <summary>The name in the log: the URL without its path and query, which may be secret.</summary>
    public string Name { get; }

    /// <summary>Whether the endpoint receives a message about this task.</summary>
    public bool SubscribesTo(TaskRequest task) => (_owner is null || _owner == task.Owner) && (_agents.Count == 0 || _agents.Contains(task.Agent))
        && (Format == WebhookFormat.Tasks || ResponsesTask.Find(task) is not null);

    /// <summary>The id of the message about this task, the same in every attempt.</summary>
    public string MessageId(TaskId task) => $"msg_{task}_{Id}";

    // Ids of the first format are as old as the endpoints.
    private static string Suffix(WebhookFormat format) => format == WebhookFormat.Tasks ? "" : $"\n{format}";
}
