using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Files;

/// <summary>How much agents may store as files. A file that does not fit fails its task with the code <c>file_limit</c>. Section <c>StreamRelay:Files</c>.</summary>
public sealed class FileQuotaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Files";

    /// <summary>The largest file, in bytes. Default 256 MiB.</summary>
    [Range(0, 1L << 40)]
    public long MaxFileBytes { get; set; } = 256L << 20;

    /// <summary>Bytes of all files of one task. Default 1 GiB.</summary>
    [Range(0, 1L << 50)]
    public long MaxTaskBytes { get; set; } = 1L << 30;

    /// <summary>Files of one task. Default 1000.</summary>
    [Range(0, 1_000_000)]
    public int MaxTaskFiles { get; set; } = 1000;

    /// <summary>Bytes of all files of all tasks of one owner that are kept. Default 10 GiB.</summary>
    [Range(0, 1L << 50)]
    public long MaxOwnerBytes { get; set; } = 10L << 30;
}
