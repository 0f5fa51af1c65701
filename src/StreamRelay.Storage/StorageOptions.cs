using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Storage;

/// <summary>Options of the embedded store, bound to the section <c>StreamRelay:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Storage";

    /// <summary>The configuration key of <see cref="DataPath"/>.</summary>
    public const string DataPathKey = "StreamRelay:DataPath";

    /// <summary>The folder that contains the database of tasks, the journal of events and the files of agents, set by <c>StreamRelay:DataPath</c>. Default <see cref="DefaultDataPath"/>.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = DataPathKey + " must name a folder.")]
    public string DataPath { get; set; } = DefaultDataPath();

    /// <summary>The failure that an acknowledged append survives. Default <see cref="Durability.Process"/>.</summary>
    [EnumDataType(typeof(Durability))]
    public Durability Durability { get; set; } = Durability.Process;

    /// <summary>The time for which ended tasks are kept. At least one second. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetentionAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The size of all events, in bytes, above which the oldest ended tasks are deleted; 0 means no limit. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long RetentionBytes { get; set; }

    /// <summary>The size, in bytes, at which a segment of the journal is full and is sealed. From 256 bytes to 1 GiB. Default 64 MiB.</summary>
    [Range(256, 1 << 30)]
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Returns the folder <c>streamrelay</c> in the user's local application data: on Linux <c>$XDG_DATA_HOME/streamrelay</c>, or <c>~/.local/share/streamrelay</c> without that variable.</summary>
    public static string DefaultDataPath() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "streamrelay");
}
