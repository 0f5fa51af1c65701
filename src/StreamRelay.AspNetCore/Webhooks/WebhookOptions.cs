using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Who is told when a task ends. Section <c>StreamRelay:Webhooks</c>.</summary>
/// <remarks>Messages follow the Standard Webhooks specification (https://www.standardwebhooks.com). Each is sent at least once; a receiver
/// that has seen its <c>webhook-id</c> before may forget it. They come in no particular order.</remarks>
public sealed class WebhookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Webhooks";

    /// <summary>Whom to tell. Default nobody.</summary>
    public IList<WebhookEndpointOptions> Endpoints { get; set; } = [];

    /// <summary>Whether messages may go to addresses that are not public: this machine's, those of private networks and the like. Default false.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>How long one attempt may take, from the look-up of the name to the status of the answer. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of attempts without success after which a message is deleted. Default 10, which takes about 40 minutes.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The time before the second attempt; it doubles for each further one, up to 1 h, and up to a quarter of it is left out at random.
    /// Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}
