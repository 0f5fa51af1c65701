using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Writes an item of a list.</summary>
internal static class ResponsesItemJson
{
    /// <summary>Writes an item.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="type">Its type.</param>
    /// <param name="write">Writes its other fields.</param>
    public static ReadOnlyMemory<byte> Write(string id, string type, Action<Utf8JsonWriter> write) => AgentEvents.Json(json =>
    {
        json.WriteString("id", id);
        json.WriteString("type", type);
        write(json);
    });
}
