using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Agents.Push;

/// <summary>Options of an agent whose events are pushed over HTTP. Section <c>StreamRelay:Agents:&lt;name&gt;</c> with <c>Type: push</c>.</summary>
public sealed class PushOptions
{
    /// <summary>How long a task may be without a pushed event and without a connected producer before it fails with <c>producer_lost</c>. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
