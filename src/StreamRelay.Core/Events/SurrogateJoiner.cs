using System.Text;

namespace StreamRelay.Events;

/// <summary>Joins surrogate pairs that are split over two pieces of text of one kind. An unpaired surrogate becomes U+FFFD.</summary>
internal sealed class SurrogateJoiner
{
    private static ReadOnlyMemory<byte> Replacement { get; } = "\uFFFD"u8.ToArray();

    private readonly Lock _lock = new();
    private char _output;
    private char _thought;

    /// <summary>The piece as UTF-8, after a high surrogate that the last piece ended with. A high surrogate at the end of this piece is held back.</summary>
    public ReadOnlyMemory<byte> Join(StreamEventKind kind, string text)
    {
        if (text.Length == 0)
            return default;

        lock (_lock)
        {
            ref var held = ref kind == StreamEventKind.Thought ? ref _thought : ref _output;
            if (held == 0 && !char.IsHighSurrogate(text[^1]))
                return Encoding.UTF8.GetBytes(text);

            var joined = held == 0 ? text : held + text;
            held = char.IsHighSurrogate(joined[^1]) ? joined[^1] : '\0';
            return Encoding.UTF8.GetBytes(held == 0 ? joined : joined[..^1]);
        }
    }

    /// <summary>A replacement character for each kind whose last piece ended with a high surrogate.</summary>
    public IReadOnlyList<StreamEvent> TakeRest()
    {
        lock (_lock)
        {
            List<StreamEvent> rest = [];
            if (_thought != 0)
                rest.Add(new(StreamEventKind.Thought, Replacement));
            if (_output != 0)
                rest.Add(new(StreamEventKind.Output, Replacement));

            _thought = _output = '\0';
            return rest;
        }
    }
}
