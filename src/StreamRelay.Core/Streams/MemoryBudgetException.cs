namespace StreamRelay.Streams;

/// <summary>The memory that tasks and their readers share is used up. A later call may succeed.</summary>
public sealed class MemoryBudgetException()
    : Exception("The server has no memory left for this request: StreamRelay:Streams:MemoryBytes is used up. Try again in a moment, or set it higher.");
