using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>What one request may take. Section <c>StreamRelay:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Limits";

    /// <summary>The largest request body. Default 4 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long BodyBytes { get; set; } = 4 << 20;
}
