using System.Security.Cryptography;
using System.Text;
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
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Url}\n{options.Owner}")).AsSpan(0, IdBytes));
        Name = Url.GetLeftPart(UriPartial.Authority);
        _owner = options.Owner;
        _agents = [.. options.Agents];
    }

    public Uri Url { get; }

    public byte[] Key { get; }

    /// <summary>Lower-case hexadecimal digits, derived from the URL and the owner: the same after a restart, at any position in the list.</summary>
    public string Id { get; }

    /// <summary>The name in the log: the URL without its path and query, which may be secret.</summary>
    public string Name { get; }

    /// <summary>Whether the endpoint receives a message about this task.</summary>
    public bool SubscribesTo(TaskRequest task) => (_owner is null || _owner == task.Owner) && (_agents.Count == 0 || _agents.Contains(task.Agent));

    /// <summary>The id of the message about this task, the same in every attempt.</summary>
    public string MessageId(TaskId task) => $"msg_{task}_{Id}";
}
