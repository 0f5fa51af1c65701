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

    /// <summary>The largest metadata of a task, in bytes of JSON; up to 1 MiB. Kept in memory while the task runs, and in every list that has the task. Default 64 KiB.</summary>
    [Range(0, 1 << 20)]
    public int MetadataBytes { get; set; } = 64 << 10;
}
