using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Redis.Operations;

/// <summary>The settings for reading messages about the end of external operations. Section <c>StreamRelay:Operations</c>, for a cluster.</summary>
public sealed class OperationOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Operations";

    private const string NamePattern = @"^\S{1,512}$";

    /// <summary>The stream that the messages are added to. Default <c>&lt;StreamRelay:Cluster:Prefix&gt;:operations</c>, which is <c>streamrelay:operations</c>.</summary>
    [Required(ErrorMessage = "StreamRelay:Operations:Stream must not be empty.")]
    [RegularExpression(NamePattern, ErrorMessage = "StreamRelay:Operations:Stream must be 1 to 512 characters without spaces.")]
    public string? Stream { get; set; }

    /// <summary>The consumer group; each message is handled once per group. Default <c>streamrelay</c>.</summary>
    [Required(ErrorMessage = "StreamRelay:Operations:Group must not be empty.")]
    [RegularExpression(NamePattern, ErrorMessage = "StreamRelay:Operations:Group must be 1 to 512 characters without spaces.")]
    public string Group { get; set; } = "streamrelay";

    /// <summary>This process's name in the group, unique in it. Default the node's name, <c>StreamRelay:Cluster:Node</c>.</summary>
    [Required(ErrorMessage = "StreamRelay:Operations:Consumer must not be empty.")]
    [RegularExpression(NamePattern, ErrorMessage = "StreamRelay:Operations:Consumer must be 1 to 512 characters without spaces.")]
    public string? Consumer { get; set; }

    /// <summary>The time without an acknowledgement after which a message is delivered again: its consumer has ended, or its task could not take it. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ErrorMessage = "StreamRelay:Operations:ClaimMinIdle must be between 00:00:00.010 and 1.00:00:00.")]
    public TimeSpan ClaimMinIdle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of messages that are read and handled at once. Default 10.</summary>
    [Range(1, 1_000, ErrorMessage = "StreamRelay:Operations:Batch must be between 1 and 1000.")]
    public int Batch { get; set; } = 10;

    /// <summary>How long one read waits for a message. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ErrorMessage = "StreamRelay:Operations:Block must be between 00:00:00.010 and 00:01:00.")]
    public TimeSpan Block { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>About the number of messages that the stream keeps; more are kept while they are not acknowledged. Default 10,000.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "StreamRelay:Operations:MaxLength must be at least 1.")]
    public int MaxLength { get; set; } = 10_000;

    /// <summary>The number of deliveries of a message whose task is unknown or cannot take it, before it is moved to the dead letters. Default 10.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StreamRelay:Operations:MaxDeliveries must be between 1 and 1000000.")]
    public int MaxDeliveries { get; set; } = 10;

    /// <summary>The stream of the messages that could not be applied, each with the reason; nothing is ever removed from it here. Default <c>&lt;Stream&gt;:dead</c>.</summary>
    [Required(ErrorMessage = "StreamRelay:Operations:DeadLetter must not be empty.")]
    [RegularExpression(NamePattern, ErrorMessage = "StreamRelay:Operations:DeadLetter must be 1 to 512 characters without spaces.")]
    public string? DeadLetter { get; set; }

    /// <summary>Derives the names that are not set from the cluster's.</summary>
    public void FillIn(RedisStoreOptions cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Stream ??= $"{cluster.Prefix}:operations";
        Consumer ??= cluster.Node;
        DeadLetter ??= $"{Stream}:dead";
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DeadLetter == Stream)
            yield return new($"{Section}:DeadLetter must not be the stream itself, {Section}:Stream: a dead letter would be read again.", [nameof(DeadLetter)]);
    }
}
