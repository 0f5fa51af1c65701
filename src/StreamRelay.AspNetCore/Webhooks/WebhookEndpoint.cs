using System.Security.Cryptography;
using System.Text;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>A receiver, ready for use.</summary>
internal sealed class WebhookEndpoint
{
    private const int IdBytes = 6;

    private readonly string? _owner;
    private readonly HashSet<string> _agents;

    public WebhookEndpoint(WebhookEndpointOptions options)
    {
        Url = new(options.Url);
        Key = WebhookSecret.TryRead(options.Secret, out var key) ? key : throw new ArgumentException("The secret was not checked.", nameof(options));
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Url}\n{options.Owner}")).AsSpan(0, IdBytes));
        Name = Url.GetLeftPart(UriPartial.Authority);
        _owner = options.Owner;
        _agents = [.. options.Agents];
    }

    public Uri Url { get; }

    public byte[] Key { get; }

    /// <summary>Lower-case hexadecimal digits, from its URL and owner: the same after a restart, wherever it then stands in the list.</summary>
    public string Id { get; }

    /// <summary>What it is called in the log: its URL without path and query, which may be secret.</summary>
    public string Name { get; }

    /// <summary>Whether it is to be told of this task.</summary>
    public bool Wants(TaskRequest task) => (_owner is null || _owner == task.Owner) && (_agents.Count == 0 || _agents.Contains(task.Agent));

    /// <summary>The id of the one message about this task, in every attempt.</summary>
    public string MessageId(TaskId task) => $"msg_{task}_{Id}";
}
