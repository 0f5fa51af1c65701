using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Redis;

/// <summary>How the nodes of a fleet work together. Section <c>StreamRelay:Cluster</c>.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Cluster";

    /// <summary>The key of the connection string.</summary>
    public const string ConnectionKey = "ConnectionStrings:Redis";

    /// <summary>What all keys in Redis begin with; nodes with the same prefix are one fleet. Default <c>streamrelay</c>.</summary>
    [RegularExpression("^[A-Za-z0-9_.:{}-]{1,64}$", ErrorMessage = "StreamRelay:Cluster:Prefix must be 1 to 64 letters, digits, or _ . : { } -.")]
    public string Prefix { get; set; } = "streamrelay";

    /// <summary>This node's name, unique in the fleet. Default: the machine's name, the process id and a random part.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "StreamRelay:Cluster:Node must not be empty.")]
    public string Node { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>How long a node is not heard of before its tasks are taken over. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00", ErrorMessage = "StreamRelay:Cluster:Lease must be between 00:00:00.500 and 01:00:00.")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);
}
