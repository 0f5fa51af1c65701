namespace StreamRelay.Events;

/// <summary>An event at its offset in the log.</summary>
/// <param name="Offset">Its sequence number: 1, 2, 3 … per task, without gaps.</param>
/// <param name="Time">When it was appended (UTC, whole milliseconds).</param>
/// <param name="Event">The event.</param>
public readonly record struct StreamEntry(long Offset, DateTimeOffset Time, StreamEvent Event);
