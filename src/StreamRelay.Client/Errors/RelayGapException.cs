namespace StreamRelay.Client.Errors;

/// <summary>410, or events that do not follow each other: the next event of the task cannot be read, because the position is ahead of the log, or the log was lost or damaged.</summary>
/// <param name="message">What is missing.</param>
/// <param name="lastSequence">The sequence of the last event that can be read; <see langword="null"/> when it is not known.</param>
public sealed class RelayGapException(string message, long? lastSequence) : RelayException(message)
{
    /// <summary>The sequence of the last event that can be read; <see langword="null"/> when it is not known.</summary>
    public long? LastSequence { get; } = lastSequence;
}
