using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Redis;

/// <summary>The settings that the nodes of a cluster work together with. Section <c>StreamRelay:Cluster</c>.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Cluster";

    /// <summary>The key of the connection string.</summary>
    public const string ConnectionKey = "ConnectionStrings:Redis";

    /// <summary>The beginning of all keys in Redis; nodes with the same prefix are one cluster. Default <c>streamrelay</c>.</summary>
    [RegularExpression("^[A-Za-z0-9_.:{}-]{1,64}$", ErrorMessage = "StreamRelay:Cluster:Prefix must be 1 to 64 letters, digits, or _ . : { } -.")]
    public string Prefix { get; set; } = "streamrelay";

    /// <summary>This node's name, unique in the cluster. Default: the machine's name, the process id and a random part.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "StreamRelay:Cluster:Node must not be empty.")]
    public string Node { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>The time without a sign of life after which a node's tasks are taken over. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00", ErrorMessage = "StreamRelay:Cluster:Lease must be between 00:00:00.500 and 01:00:00.")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);
}
