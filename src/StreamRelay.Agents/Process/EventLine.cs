using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.Events;

namespace StreamRelay.Agents.Process;

/// <summary>A line that is a JSON object with an <c>event_type</c>: an event, or an invalid one.</summary>
/// <param name="Event">The event, or <see langword="null"/> when it is invalid.</param>
/// <param name="Fault">The error in an invalid event.</param>
/// <param name="Code">The event's <c>code</c>, or <see langword="null"/>.</param>
/// <param name="FinishReason">The event's <c>finish_reason</c>, or <see langword="null"/>.</param>
internal sealed record EventLine(StreamEvent? Event, string Fault, string? Code, string? FinishReason)
{
    /// <returns>The line, or <see langword="null"/> when it is text.</returns>
    public static EventLine? Read(ReadOnlyMemory<byte> line)
    {
        // Many lines of text begin with a brace, such as lines of code. The check of the last character avoids an exception for most of them.
        if (line.Span.TrimEnd(" \t\r\n"u8) is not [.., (byte)'}'])
            return null;

        try
        {
            var bytes = Utf8.IsValid(line.Span) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span));
            using var document = JsonDocument.Parse(bytes, JsonDepth.Document);
            var json = document.RootElement;
            if (!json.TryGetProperty("event_type", out _))
                return null;

            var streamEvent = ExternalEvent.Read(bytes.Span, out var fault);
            return new(streamEvent, fault, streamEvent is null ? null : Text(json, "code"), streamEvent is null ? null : Text(json, "finish_reason"));
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A name holds half a surrogate pair.
            return new(null, "a text is not valid Unicode", null, null);
        }
    }

    /// <summary>Whether the beginning of a line is valid JSON so far.</summary>
    public static bool CouldBeJson(ReadOnlySpan<byte> beginning)
    {
        try
        {
            var reader = new Utf8JsonReader(beginning, isFinalBlock: false, new(JsonDepth.Reader));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
