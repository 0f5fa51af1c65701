using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The fields of a request that its response repeats. Those that may be large (instructions, tools) are not stored twice, and shown empty.</summary>
public static class ResponsesEcho
{
    private static readonly string[] Numbers = ["max_output_tokens", "parallel_tool_calls", "temperature", "top_p"];

    private static readonly (string Name, byte[] Default)[] Fields =
    [
        ("background", "true"u8.ToArray()), ("store", "true"u8.ToArray()), ("previous_response_id", "null"u8.ToArray()),
        ("instructions", "null"u8.ToArray()), ("max_output_tokens", "null"u8.ToArray()), ("parallel_tool_calls", "true"u8.ToArray()),
        ("temperature", "1"u8.ToArray()), ("text", "{\"format\":{\"type\":\"text\"}}"u8.ToArray()), ("tool_choice", "\"auto\""u8.ToArray()),
        ("tools", "[]"u8.ToArray()), ("top_p", "1"u8.ToArray()), ("truncation", "\"disabled\""u8.ToArray()),
    ];

    /// <summary>Whether the response of a task goes on when nobody reads it. The response of a task that was not started through this protocol does.</summary>
    public static bool IsBackground(TaskRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fields = Find(request.Protocol);
        while (fields.Read())
        {
            if (fields.Is("background"u8))
                return fields.Flag();
        }

        return true;
    }

    /// <summary>The metadata that holds the fields of a request.</summary>
    internal static byte[] Of(ResponsesRequest request) => JsonLine.Encode((ref FrameJson json) =>
    {
        json.BeginObject();
        json.BeginObject("response"u8);
        json.Boolean("background"u8, request.Background);
        json.Boolean("store"u8, request.Store);
        if (request.Previous is { } previous)
            json.Text("previous_response_id"u8, previous);
        foreach (var name in Numbers)
        {
            if (request.Json.Optional(name) is { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } value)
                json.Raw(System.Text.Encoding.UTF8.GetBytes(name), value.Raw().Span);
        }

        json.EndObject();
        json.EndObject();
    });

    /// <summary>The members of a response: the fields that the metadata of its task holds, and the defaults of the API for all others.</summary>
    internal static byte[] ToMembers(ReadOnlyMemory<byte> metadata)
    {
        Dictionary<string, ReadOnlyMemory<byte>> given = [];
        var fields = Find(metadata);
        while (fields.Read())
            given[fields.Name()] = fields.Json();

        return JsonLine.Encode((ref FrameJson json) =>
        {
            foreach (var (name, value) in Fields)
                json.Value(System.Text.Encoding.UTF8.GetBytes(name), given.TryGetValue(name, out var own) ? own.Span : value);
        });
    }

    private static MetadataReader Find(ReadOnlyMemory<byte> metadata)
    {
        var fields = new MetadataReader(metadata);
        while (fields.Read())
        {
            if (fields.Is("response"u8))
                return new(fields.Json());
        }

        return new(default);
    }
}
