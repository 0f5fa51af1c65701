namespace StreamRelay.Events;

/// <summary>An event of a task. Immutable and shared by all readers: its bytes are not changed after it is published.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Content">UTF-8 text; may be empty.</param>
/// <param name="Metadata">A UTF-8 JSON object, or empty.</param>
/// <param name="Agent">The name of the agent that published the event; <see langword="null"/> for the task's agent.</param>
public sealed record StreamEvent(
    StreamEventKind Kind,
    ReadOnlyMemory<byte> Content = default,
    ReadOnlyMemory<byte> Metadata = default,
    string? Agent = null)
{
    /// <summary>The bytes that an event takes beside its content and metadata, in memory and as part of its task's size.</summary>
    public const int Overhead = 64;

    /// <summary>Bytes of content and metadata.</summary>
    public int Size => Content.Length + Metadata.Length;

    /// <summary>The bytes that the limits of memory and of a task's size count: an event without content is not free.</summary>
    public int Cost => Size + Overhead;
}
