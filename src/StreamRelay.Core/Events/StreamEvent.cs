namespace StreamRelay.Events;

/// <summary>What an agent said. Immutable and shared by every reader: its bytes are never written to after publication.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">UTF-8 text; may be empty.</param>
/// <param name="Metadata">A UTF-8 JSON object, or empty.</param>
/// <param name="Agent">The speaker; <see langword="null"/> means the task's own agent.</param>
public sealed record StreamEvent(
    StreamEventKind Kind,
    ReadOnlyMemory<byte> Content = default,
    ReadOnlyMemory<byte> Metadata = default,
    string? Agent = null)
{
    /// <summary>Bytes of content and metadata together: what bounds on memory and on a task's size count.</summary>
    public int Size => Content.Length + Metadata.Length;
}
