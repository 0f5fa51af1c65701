using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Storage;

/// <summary>Settings of the embedded store, in section <c>StreamRelay:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Storage";

    /// <summary>The configuration key of <see cref="DataPath"/>.</summary>
    public const string DataPathKey = "StreamRelay:DataPath";

    /// <summary>The folder that holds everything, set by <c>StreamRelay:DataPath</c>. Default <see cref="DefaultDataPath"/>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = DataPathKey + " must name a folder.")]
    public string DataPath { get; set; } = DefaultDataPath();

    /// <summary>What an acknowledged append survives. Default <see cref="Durability.Process"/>.</summary>
    [EnumDataType(typeof(Durability))]
    public Durability Durability { get; set; } = Durability.Process;

    /// <summary>How long finished tasks are kept. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetentionAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Bytes of events above which the oldest finished tasks are deleted; 0 means no limit. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long RetentionBytes { get; set; }

    /// <summary>Size at which a segment of the journal is closed and moved to the tasks' own files. Default 64 MiB.</summary>
    [Range(256, 1 << 30)]
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Returns the folder <c>streamrelay</c> in the user's application data: on Linux <c>$XDG_DATA_HOME/streamrelay</c>, else <c>~/.local/share/streamrelay</c>.</summary>
    public static string DefaultDataPath() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "streamrelay");
}
