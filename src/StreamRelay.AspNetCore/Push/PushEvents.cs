using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Push;

/// <summary>Reads the events of a request.</summary>
internal static class PushEvents
{
    /// <summary>One event, or a list of them.</summary>
    /// <exception cref="ApiException">400, naming the event and the field at fault.</exception>
    public static IReadOnlyList<StreamEvent> ReadAll(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? json.GetArrayLength() > 0
            ? [.. json.EnumerateArray().Select((item, index) => Read(item, $"[{index}]", isLast: index == json.GetArrayLength() - 1))]
            : throw new ApiException(ApiResults.Invalid("The list of events is empty.", code: "invalid_event"))
        : [Read(json, "event")];

    /// <summary>One event.</summary>
    /// <exception cref="ApiException">400, naming the event and the field at fault.</exception>
    public static StreamEvent Read(JsonElement json, string name, bool isLast = true)
    {
        if (OutsideEvent.Read(json, out var fault) is not { } read)
            throw Wrong(name, fault);

        return isLast || !read.Kind.IsTerminal() ? read : throw Wrong(name, "nothing may follow the event that ends the task");
    }

    private static ApiException Wrong(string name, string fault) => new(ApiResults.Invalid($"Wrong event ({name}): {fault}.", name, "invalid_event"));
}
