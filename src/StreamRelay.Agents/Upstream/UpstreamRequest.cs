using System.Buffers;
using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>Writes the request to the server from the task's input, whichever protocol the client used.</summary>
internal static class UpstreamRequest
{
    private static readonly string[] ForwardedOptions =
    [
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "presence_penalty", "frequency_penalty", "logit_bias",
        "response_format", "tool_choice", "parallel_tool_calls", "user", "reasoning_effort", "service_tier", "verbosity",
    ];

    public static ReadOnlyMemory<byte> Write(TaskInput input, string model)
    {
        using var options = JsonDocument.Parse(input.Options.IsEmpty ? "{}"u8.ToArray() : input.Options);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            WriteMessages(json, input, options.RootElement);
            WriteOptions(json, options.RootElement);
            WriteTools(json, options.RootElement);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteMessages(Utf8JsonWriter json, TaskInput input, JsonElement options)
    {
        using var content = JsonDocument.Parse(input.Content);
        json.WriteStartArray("messages");
        if (options.TryGetProperty("instructions", out var instructions) && instructions.ValueKind == JsonValueKind.String)
            WriteMessage(json, "system", instructions);
        if (content.RootElement.ValueKind == JsonValueKind.String)
        {
            WriteMessage(json, "user", content.RootElement);
        }
        else
        {
            foreach (var message in content.RootElement.EnumerateArray())
                UpstreamMessage.Write(json, message);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, JsonElement content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WritePropertyName("content");
        content.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, JsonElement options)
    {
        foreach (var option in options.EnumerateObject().Where(option => ForwardedOptions.Contains(option.Name) && option.Value.ValueKind != JsonValueKind.Null))
            option.WriteTo(json);
        if (options.TryGetProperty("max_output_tokens", out var max) && max.ValueKind == JsonValueKind.Number)
        {
            json.WritePropertyName("max_completion_tokens");
            max.WriteTo(json);
        }
    }

    /// <summary>Writes the tools. Chat clients put the fields of a tool into <c>function</c>; clients of Responses and AG-UI put them into the tool itself.</summary>
    private static void WriteTools(Utf8JsonWriter json, JsonElement options)
    {
        if (!options.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0)
            return;

        json.WriteStartArray("tools");
        foreach (var tool in tools.EnumerateArray().Where(tool => tool.ValueKind == JsonValueKind.Object))
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WritePropertyName("function");
            if (tool.TryGetProperty("function", out var function))
                function.WriteTo(json);
            else
                WriteFunction(json, tool);

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFunction(Utf8JsonWriter json, JsonElement tool)
    {
        json.WriteStartObject();
        foreach (var field in tool.EnumerateObject().Where(field => field.Name is "name" or "description" or "parameters" or "strict"))
            field.WriteTo(json);

        json.WriteEndObject();
    }
}
