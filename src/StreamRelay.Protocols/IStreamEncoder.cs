using StreamRelay.Events;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols;

/// <summary>Encodes the entries of one task. Implementations are pure folds: the same entries always give the same bytes. No clock, no randomness, no I/O.</summary>
public interface IStreamEncoder
{
    /// <summary>Writes the frames of the next entry: none, one or several.</summary>
    /// <exception cref="System.Text.Json.JsonException">The entry's metadata is not JSON; the stream cannot go on.</exception>
    void Encode(in StreamEntry entry, SseWriter output);
}
