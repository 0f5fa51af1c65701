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
    /// <summary>Bytes of content and metadata. The limits of memory and of a task's size count them.</summary>
    public int Size => Content.Length + Metadata.Length;
}
