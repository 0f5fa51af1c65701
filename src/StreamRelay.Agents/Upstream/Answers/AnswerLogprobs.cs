using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Splits the logprobs of a whole answer, which one event may not be able to hold.</summary>
internal static class AnswerLogprobs
{
    private const int MaxBytes = 64 << 10;
    private const int TokensPerPiece = 32;

    /// <summary>Whether they go into events of their own.</summary>
    public static bool IsLarge(TextMetadata metadata) => metadata.Logprobs.Length > MaxBytes;

    /// <summary>The metadata of those events; none when there are few.</summary>
    public static IEnumerable<TextMetadata> Split(TextMetadata metadata)
    {
        if (!IsLarge(metadata))
            yield break;

        var logprobs = JsonElement.Parse(metadata.Logprobs.Span);
        foreach (var list in logprobs.EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array))
        {
            foreach (var tokens in list.Value.EnumerateArray().Chunk(TokensPerPiece))
                yield return new(metadata.IsRefusal, Encode(list.Name, tokens), default, default);
        }
    }

    private static ReadOnlyMemory<byte> Encode(string name, JsonElement[] tokens) => AgentEvents.Json(json =>
    {
        json.WriteStartArray(name);
        foreach (var token in tokens)
            token.WriteTo(json);

        json.WriteEndArray();
    });
}
