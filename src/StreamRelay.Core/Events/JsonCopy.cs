using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>Copies JSON from a reader to a writer, without white space.</summary>
internal static class JsonCopy
{
    /// <summary>Copies the value that the reader is at. The reader moves to its last token.</summary>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    public static void Value(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        var depth = reader.CurrentDepth;
        Token(in reader, writer);
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;

        do
        {
            reader.Read();
            Token(in reader, writer);
        }
        while (reader.CurrentDepth > depth);
    }

    /// <summary>Copies one token.</summary>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    public static void Token(in Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName when reader.ValueIsEscaped:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.ValueSpan);
                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                writer.WriteStringValue(reader.GetString());
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.ValueSpan);
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
