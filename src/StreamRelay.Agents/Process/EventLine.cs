using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.Events;

namespace StreamRelay.Agents.Process;

/// <summary>A line that is a JSON object with an <c>event_type</c>: an event, or an attempt at one.</summary>
/// <param name="Event">The event, or <see langword="null"/> with a <paramref name="Fault"/>.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Code">Its <c>code</c>, if it has one.</param>
/// <param name="FinishReason">Its <c>finish_reason</c>, if it has one.</param>
internal sealed record EventLine(StreamEvent? Event, string Fault, string? Code, string? FinishReason)
{
    /// <returns><see langword="null"/> when the line is text.</returns>
    public static EventLine? Read(ReadOnlyMemory<byte> line)
    {
        // Most of what begins like an object ends otherwise, such as a line of code; an exception for each would be dear.
        if (line.Span.TrimEnd(" \t\r\n"u8) is not [.., (byte)'}'])
            return null;

        try
        {
            using var document = JsonDocument.Parse(Utf8.IsValid(line.Span) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Span)));
            var json = document.RootElement;
            if (!json.TryGetProperty("event_type", out _))
                return null;

            var said = ExternalEvent.Read(json, out var fault);
            return new(said, fault, said is null ? null : Text(json, "code"), said is null ? null : Text(json, "finish_reason"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing in the beginning of a line speaks against its being JSON.</summary>
    public static bool CouldBeJson(ReadOnlySpan<byte> beginning)
    {
        try
        {
            var reader = new Utf8JsonReader(beginning, isFinalBlock: false, default);
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
