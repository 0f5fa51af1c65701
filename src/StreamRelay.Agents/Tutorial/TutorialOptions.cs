using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Options of the tutorial agent. Section <c>StreamRelay:Tutorial</c>.</summary>
public sealed class TutorialOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Tutorial";

    /// <summary>The pause between two words that are written without a model; it makes the streaming visible. Default 15 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan OfflinePause { get; set; } = TimeSpan.FromMilliseconds(15);
}
