using System.Text;

namespace StreamRelay.Events;

/// <summary>Joins surrogate pairs that are split over two pieces of text of one kind and one agent. An unpaired surrogate becomes U+FFFD.</summary>
internal sealed class SurrogateJoiner
{
    private static ReadOnlyMemory<byte> Replacement { get; } = "\uFFFD"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly Dictionary<(StreamEventKind Kind, string? Agent), char> _held = [];

    /// <summary>The piece as UTF-8, after a high surrogate that the last piece ended with. A high surrogate at the end of this piece is held back.</summary>
    public ReadOnlyMemory<byte> Join(StreamEventKind kind, string? agent, string text)
    {
        if (text.Length == 0)
            return default;

        lock (_lock)
        {
            if (_held.Count > 0 && _held.Remove((kind, agent), out var first))
                text = first + text;
            if (!char.IsHighSurrogate(text[^1]))
                return Encoding.UTF8.GetBytes(text);

            _held[(kind, agent)] = text[^1];
            return Encoding.UTF8.GetBytes(text[..^1]);
        }
    }

    /// <summary>A replacement character for each kind and agent whose last piece ended with a high surrogate.</summary>
    public IReadOnlyList<StreamEvent> TakeRest()
    {
        lock (_lock)
        {
            StreamEvent[] rest = [.. _held.Keys.Select(static held => new StreamEvent(held.Kind, Replacement) { Agent = held.Agent })];
            _held.Clear();
            return rest;
        }
    }
}
