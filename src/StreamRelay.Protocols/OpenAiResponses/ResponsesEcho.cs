using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The fields of a request that its response repeats. One that is large (instructions, tools) is not stored twice, and shown empty.</summary>
internal static class ResponsesEcho
{
    private const int MaxFieldBytes = 4096;

    private static readonly string[] Repeated =
    [
        "instructions", "max_output_tokens", "max_tool_calls", "parallel_tool_calls", "prompt_cache_key", "reasoning",
        "safety_identifier", "service_tier", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    ];

    private static readonly (string Name, byte[] Default)[] Fields =
    [
        ("background", "true"u8.ToArray()), ("store", "true"u8.ToArray()), ("previous_response_id", "null"u8.ToArray()),
        ("instructions", "null"u8.ToArray()), ("max_output_tokens", "null"u8.ToArray()), ("parallel_tool_calls", "true"u8.ToArray()),
        ("temperature", "null"u8.ToArray()), ("text", "{\"format\":{\"type\":\"text\"}}"u8.ToArray()), ("tool_choice", "\"auto\""u8.ToArray()),
        ("tools", "[]"u8.ToArray()), ("top_p", "null"u8.ToArray()), ("truncation", "\"disabled\""u8.ToArray()),
    ];

    /// <summary>The metadata that holds the fields of a request, and how many messages of its input are earlier ones.</summary>
    public static byte[] Of(ResponsesRequest request, int earlierMessages) => JsonLine.Encode((ref FrameJson json) =>
    {
        json.BeginObject();
        json.BeginObject("response"u8);
        json.Boolean("background"u8, request.Background);
        json.Boolean("store"u8, request.Store);
        if (request.Previous is { } previous)
            json.Text("previous_response_id"u8, previous);
        if (request.Conversation is { } conversation)
            WriteConversation(ref json, conversation);
        foreach (var name in Repeated)
        {
            if (request.Json.Optional(name)?.Raw() is { Length: <= MaxFieldBytes } value)
                json.Value(System.Text.Encoding.UTF8.GetBytes(name), value.Span);
        }

        json.EndObject();
        json.Number("earlier_messages"u8, earlierMessages);
        json.EndObject();
    });

    /// <summary>The members of a response: the fields that the metadata of its task holds, and the defaults of the API for all others.</summary>
    public static byte[] ToMembers(ReadOnlyMemory<byte> metadata)
    {
        Dictionary<string, ReadOnlyMemory<byte>> given = [];
        var fields = Find(metadata);
        while (fields.Read())
            given[fields.Name()] = fields.Json();

        return JsonLine.Encode((ref FrameJson json) =>
        {
            foreach (var (name, value) in Fields)
                json.Value(System.Text.Encoding.UTF8.GetBytes(name), given.Remove(name, out var own) ? own.Span : value);
            foreach (var (name, value) in given)
                json.Value(System.Text.Encoding.UTF8.GetBytes(name), value.Span);
        });
    }

    private static void WriteConversation(ref FrameJson json, string id)
    {
        json.BeginObject("conversation"u8);
        json.Text("id"u8, id);
        json.EndObject();
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
