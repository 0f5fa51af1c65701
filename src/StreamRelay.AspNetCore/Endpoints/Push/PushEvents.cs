using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>Reads the events of a request.</summary>
internal static class PushEvents
{
    private const string InvalidEvent = "invalid_event";

    /// <summary>One event, or a list of them.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    /// <exception cref="RequestException">400, naming the event and the field that is wrong.</exception>
    public static IReadOnlyList<StreamEvent> ReadAll(ReadOnlySpan<byte> json)
    {
        if (FindItems(json) is not { } items)
            return [ExternalEvent.Read(json, out var fault) ?? throw Wrong("event", fault)];
        if (items.Count == 0)
            throw RequestException.Invalid("The list of events is empty.", code: InvalidEvent);

        var events = new StreamEvent[items.Count];
        for (var index = 0; index < events.Length; index++)
        {
            events[index] = ExternalEvent.Read(json[items[index]], out var fault) ?? throw Wrong($"[{index}]", fault);
            if (events[index].Kind.IsTerminal() && index < events.Length - 1)
                throw Wrong($"[{index}]", "nothing may follow the event that ends the task");
        }

        return events;
    }

    /// <summary>The only event of a line.</summary>
    /// <param name="json">The line.</param>
    /// <param name="number">The number of the line.</param>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="RequestException">400, naming the line and the field that is wrong.</exception>
    public static StreamEvent ReadLine(ReadOnlySpan<byte> json, int number) =>
        ExternalEvent.Read(json, out var fault) ?? throw Wrong($"line {number}", fault);

    /// <returns>Where the items of a list are; <see langword="null"/> for anything else.</returns>
    private static List<Range>? FindItems(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return null;

        List<Range> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(start..(int)reader.BytesConsumed);
        }

        // Reading on past the end of the list finds what must not follow it.
        reader.Read();
        return items;
    }

    private static RequestException Wrong(string name, string fault) => RequestException.Invalid($"Wrong event ({name}): {fault}.", name, InvalidEvent);
}
