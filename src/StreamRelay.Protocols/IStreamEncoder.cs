using StreamRelay.Events;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols;

/// <summary>A pure fold over a task's entries: the same entries always give the same bytes. No clock, no randomness, no I/O.</summary>
public interface IStreamEncoder
{
    /// <summary>Writes what the entry adds to the stream: no, one or several frames.</summary>
    /// <exception cref="System.Text.Json.JsonException">The entry's metadata is not JSON; the stream cannot go on.</exception>
    void Encode(in StreamEntry entry, SseWriter output);
}
