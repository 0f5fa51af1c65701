using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>Reads the events of a request.</summary>
internal static class PushEvents
{
    /// <summary>One event, or a list of them.</summary>
    /// <exception cref="RequestException">400, naming the event and the field that is wrong.</exception>
    public static IReadOnlyList<StreamEvent> ReadAll(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? json.GetArrayLength() > 0
            ? [.. json.EnumerateArray().Select((item, index) => Read(item, $"[{index}]", isLast: index == json.GetArrayLength() - 1))]
            : throw RequestException.Invalid("The list of events is empty.", code: "invalid_event")
        : [Read(json, "event")];

    /// <summary>One event.</summary>
    /// <exception cref="RequestException">400, naming the event and the field that is wrong.</exception>
    public static StreamEvent Read(JsonElement json, string name, bool isLast = true)
    {
        if (ExternalEvent.Read(json, out var fault) is not { } read)
            throw Wrong(name, fault);

        return isLast || !read.Kind.IsTerminal() ? read : throw Wrong(name, "nothing may follow the event that ends the task");
    }

    private static RequestException Wrong(string name, string fault) => RequestException.Invalid($"Wrong event ({name}): {fault}.", name, "invalid_event");
}
