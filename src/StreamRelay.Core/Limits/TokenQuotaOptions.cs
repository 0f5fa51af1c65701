using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Limits;

/// <summary>How many tokens tasks may use. Section <c>StreamRelay:Tokens</c>.</summary>
public sealed class TokenQuotaOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Tokens";

    /// <summary>Tokens that the tasks of one owner may use in a day of UTC, on all nodes of a cluster together; then starts are refused with 429 until the day ends. Default 0: no limit.</summary>
    [Range(0, long.MaxValue)]
    public long PerDayPerOwner { get; set; }

    /// <summary>The same for the tasks that one API key has started. Default 0: no limit.</summary>
    [Range(0, long.MaxValue)]
    public long PerDayPerKey { get; set; }
}
