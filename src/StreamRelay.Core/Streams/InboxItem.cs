using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>An item of an inbox: an event, or a completion for when all earlier events are durable. With neither, it wakes the pump.</summary>
internal readonly record struct InboxItem(StreamEvent? Event, TaskCompletionSource? Flushed);
