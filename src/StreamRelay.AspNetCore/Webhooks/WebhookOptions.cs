using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The receivers of messages about the end of tasks. Section <c>StreamRelay:Webhooks</c>.</summary>
/// <remarks>Messages follow the Standard Webhooks specification (https://www.standardwebhooks.com). Each is sent at least once; a receiver
/// ignores one whose <c>webhook-id</c> it has processed before. They arrive in no particular order.</remarks>
public sealed class WebhookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Webhooks";

    /// <summary>The receivers. Default none.</summary>
    public IList<WebhookEndpointOptions> Endpoints { get; set; } = [];

    /// <summary>Whether messages may go to addresses that are not public, such as those of this machine and of private networks. Default false.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>The longest duration of one attempt, from the look-up of the name to the status of the response. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of attempts after which a message is deleted. Default 10, which take about 40 minutes.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The time before the second attempt; it doubles for each further one, up to 1 h, and is shortened by up to a quarter at random. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}
