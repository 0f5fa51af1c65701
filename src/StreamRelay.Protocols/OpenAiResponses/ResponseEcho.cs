using System.Buffers;
using System.Text.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The fields of a request that its response repeats. Those that may be large (instructions, tools) are not kept twice, and shown empty.</summary>
internal static class ResponseEcho
{
    /// <summary>The fields, and what is shown where the request has none.</summary>
    public static IReadOnlyList<(string Name, byte[] Usual)> Fields { get; } =
    [
        ("background", "true"u8.ToArray()), ("store", "true"u8.ToArray()), ("previous_response_id", "null"u8.ToArray()),
        ("instructions", "null"u8.ToArray()), ("max_output_tokens", "null"u8.ToArray()), ("parallel_tool_calls", "true"u8.ToArray()),
        ("temperature", "1"u8.ToArray()), ("text", "{\"format\":{\"type\":\"text\"}}"u8.ToArray()), ("tool_choice", "\"auto\""u8.ToArray()),
        ("tools", "[]"u8.ToArray()), ("top_p", "1"u8.ToArray()), ("truncation", "\"disabled\""u8.ToArray()),
    ];

    /// <summary>What of a request is repeated.</summary>
    public static byte[] Of(JsonElement json, bool background, bool store, string? previous)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var echo = new Utf8JsonWriter(buffer))
        {
            echo.WriteStartObject();
            echo.WriteStartObject("response");
            echo.WriteBoolean("background", background);
            echo.WriteBoolean("store", store);
            if (previous is not null)
                echo.WriteString("previous_response_id", previous);
            foreach (var name in (string[])["max_output_tokens", "parallel_tool_calls", "temperature", "top_p"])
                Write(echo, name, json.Optional(name));

            echo.WriteEndObject();
            echo.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether the response goes on without anyone waiting. One that was not started through this protocol does.</summary>
    public static bool IsBackground(TaskRequest request)
    {
        if (request.Protocol.IsEmpty)
            return true;

        using var json = JsonDocument.Parse(request.Protocol);
        return !json.RootElement.TryGetProperty("response", out var echo) || echo.GetProperty("background").GetBoolean();
    }

    private static void Write(Utf8JsonWriter echo, string name, JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } given)
            return;

        echo.WritePropertyName(name);
        given.WriteTo(echo);
    }
}
