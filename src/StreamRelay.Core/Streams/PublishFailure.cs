namespace StreamRelay.Streams;

/// <summary>Why an event was not accepted.</summary>
public enum PublishFailure
{
    /// <summary>The inbox stayed full for the whole of <see cref="StreamOptions.PublishTimeout"/>.</summary>
    Full,

    /// <summary>The stream has ended, or its task is being stopped.</summary>
    Closed,

    /// <summary>No such task is running.</summary>
    UnknownTask,

    /// <summary>A newer attempt owns the task.</summary>
    StaleEpoch,

    /// <summary>The event is larger than <see cref="StreamOptions.MaxEventBytes"/> and has no text to split.</summary>
    TooLarge,

    /// <summary>The task has reached <see cref="StreamOptions.MaxTaskBytes"/>.</summary>
    OutputLimit,

    /// <summary>The task's events come faster than <see cref="StreamOptions.MaxEventsPerSecond"/>.</summary>
    TooFast,

    /// <summary>The store could not write.</summary>
    Storage,
}
