using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Parses the data of a frame.</summary>
internal static class AnswerValues
{
    private static readonly JsonReaderOptions Several = JsonDepth.Reader with { AllowMultipleValues = true };

    /// <summary>The JSON values, in their order: some servers put several into one frame.</summary>
    /// <exception cref="AgentException">It is not JSON, or only the beginning of it.</exception>
    public static IReadOnlyList<JsonElement> Parse(string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        try
        {
            var reader = new Utf8JsonReader(bytes, Several);
            List<JsonElement> values = [];
            while (reader.Read())
                values.Add(JsonElement.ParseValue(ref reader));

            return values;
        }
        catch (JsonException exception)
        {
            throw IsCut(bytes) ? AnswerFault.Interrupted(exception) : AnswerFault.Malformed("something that is not JSON", exception);
        }
    }

    /// <summary>A value as UTF-8. An unpaired surrogate in a text becomes U+FFFD.</summary>
    public static ReadOnlyMemory<byte> Encode(JsonElement json)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var output = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(output, json);

        return bytes.WrittenMemory;
    }

    /// <summary>Writes a field with a value as <see cref="Encode"/> has it.</summary>
    public static void WriteValue(this Utf8JsonWriter output, string name, JsonElement json)
    {
        output.WritePropertyName(name);
        output.WriteRawValue(Encode(json).Span, skipInputValidation: true);
    }

    private static void Write(Utf8JsonWriter output, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                output.WriteStartObject();
                foreach (var field in json.EnumerateObject())
                {
                    output.WritePropertyName(field.Name);
                    Write(output, field.Value);
                }

                output.WriteEndObject();
                break;
            case JsonValueKind.Array:
                output.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(output, item);

                output.WriteEndArray();
                break;
            case JsonValueKind.String:
                output.WriteStringValue(AnswerText.Read(json));
                break;
            default:
                json.WriteTo(output);
                break;
        }
    }

    /// <summary>Whether more bytes could make it valid.</summary>
    private static bool IsCut(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, new(Several));
            while (reader.Read())
                continue;

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
