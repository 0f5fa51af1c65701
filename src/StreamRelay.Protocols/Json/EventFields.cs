using System.Buffers;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Protocols.Json;

/// <summary>Reads the metadata of events.</summary>
internal static class EventFields
{
    /// <summary>A text field; empty when it is missing or something else.</summary>
    public static string Field(this StreamEvent said, string name)
    {
        if (said.Metadata.IsEmpty)
            return "";

        using var json = JsonDocument.Parse(said.Metadata);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

    /// <summary>Whether a field is true.</summary>
    public static bool Flag(this StreamEvent said, string name)
    {
        if (said.Metadata.IsEmpty)
            return false;

        using var json = JsonDocument.Parse(said.Metadata);
        return json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    }

    /// <summary>Whether this is the end of a task that was stopped.</summary>
    public static bool IsStopped(this StreamEvent end) => end.Field("status") == "stopped";

    /// <summary>Writes a field's value as JSON.</summary>
    /// <returns><see langword="false"/> when there is none; nothing is written then.</returns>
    public static bool WriteField(this ArrayBufferWriter<byte> json, StreamEvent said, ReadOnlySpan<byte> name)
    {
        if (said.Metadata.IsEmpty)
            return false;

        var reader = new Utf8JsonReader(said.Metadata.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt)
            {
                json.WriteValue(ref reader);
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Writes all of the metadata as a JSON object.</summary>
    public static void WriteMetadata(this ArrayBufferWriter<byte> json, StreamEvent said)
    {
        var reader = new Utf8JsonReader(said.Metadata.Span);
        reader.Read();
        json.WriteValue(ref reader);
    }
}
