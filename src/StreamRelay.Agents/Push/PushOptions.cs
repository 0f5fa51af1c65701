using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Push;

/// <summary>How tasks are kept whose events come over HTTP. Section <c>StreamRelay:Agents:&lt;name&gt;</c> with <c>Type: push</c>.</summary>
public sealed class PushOptions
{
    /// <summary>How long nobody may push, or be connected to push, before the task fails with <c>producer_lost</c>. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
