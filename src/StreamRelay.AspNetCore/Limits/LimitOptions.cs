using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>The limits of one request. Section <c>StreamRelay:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Limits";

    /// <summary>The largest body of a request, in bytes; 1 KiB to 1 GiB. Default 4 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long BodyBytes { get; set; } = 4 << 20;
}
