using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>An event was not accepted; <see cref="Failure"/> is the reason.</summary>
public sealed class PublishException(PublishFailure failure, TaskId task, Exception? inner = null)
    : Exception($"Task {task} cannot take the event: {Describe(failure)}.", inner)
{
    /// <summary>The reason.</summary>
    public PublishFailure Failure { get; } = failure;

    private static string Describe(PublishFailure failure) => failure switch
    {
        PublishFailure.Full => "its inbox stayed full",
        PublishFailure.Closed => "it is closed",
        PublishFailure.UnknownTask => "no such task is running",
        PublishFailure.StaleEpoch => "a newer attempt owns it",
        PublishFailure.TooLarge => "the event is larger than StreamRelay:Streams:MaxEventBytes",
        PublishFailure.OutputLimit => "it has reached StreamRelay:Streams:MaxTaskBytes",
        PublishFailure.TooFast => "its events come faster than StreamRelay:Streams:MaxEventsPerSecond; push fewer at once, or later",
        _ => "the store could not write it",
    };
}
