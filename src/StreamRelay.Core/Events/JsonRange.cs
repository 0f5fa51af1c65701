using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>The position of a JSON value.</summary>
/// <param name="Type">The type of its first token; <see cref="JsonTokenType.None"/> for no value.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct JsonRange(JsonTokenType Type, int Start, int End)
{
    /// <summary>The bytes of the value.</summary>
    public Range Range => Start..End;

    /// <summary>The position of the value that the reader is at. The reader moves to its last token.</summary>
    public static JsonRange Take(ref Utf8JsonReader reader)
    {
        var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        return new(type, start, (int)reader.BytesConsumed);
    }
}
