using StreamRelay.Events;

namespace StreamRelay.Streams;

/// <summary>What waits in an inbox: an event, or someone who wants to know when all before it is durable.</summary>
internal readonly record struct InboxItem(StreamEvent? Event, TaskCompletionSource? Flushed);
