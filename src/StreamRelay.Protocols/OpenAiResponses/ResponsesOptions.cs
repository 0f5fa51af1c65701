using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Translates the options of a response.</summary>
/// <param name="options">Takes them.</param>
/// <param name="request">The body of the request.</param>
internal sealed class ResponsesOptions(OptionsBuilder options, JsonElement request)
{
    /// <summary>Translates one field.</summary>
    /// <exception cref="RequestException">400: it is malformed.</exception>
    public void Translate(string name, JsonElement value)
    {
        switch (name)
        {
            case "max_output_tokens":
                options.Set("max_completion_tokens", value);
                break;
            case "top_logprobs":
                options.Set(name, value);
                options.Set("logprobs", static json => json.WriteBooleanValue(true));
                break;
            case "include":
                TranslateInclude(value);
                break;
            case "reasoning":
                TranslateReasoning(value);
                break;
            case "text":
                TranslateText(value);
                break;
            case "tools":
                new ResponsesTools(options).Translate(value);
                break;
            case "tool_choice":
                new ResponsesTools(options).TranslateChoice(value);
                break;
            case "max_tool_calls":
                TranslateMaxToolCalls(value);
                break;
        }
    }

    private void TranslateInclude(JsonElement value)
    {
        if (ResponsesInclude.Read(value).Contains(ResponsesInclude.Logprobs))
            options.Set("logprobs", static json => json.WriteBooleanValue(true));
    }

    /// <summary>Only tools that the server of the model runs are counted, so that without any of them no limit is exceeded.</summary>
    private void TranslateMaxToolCalls(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var most) || most < 1)
            throw JsonFields.Wrong("max_tool_calls", "a whole number from 1 on");
        if (request.Optional("tools") is { } tools && ResponsesTools.AnyOfServer(tools))
            options.KeepUntranslated("max_tool_calls", value);
    }

    private void TranslateReasoning(JsonElement value)
    {
        foreach (var field in Members(value, "reasoning"))
        {
            if (field.Name == "effort")
                options.Set("reasoning_effort", field.Value);
            else if (field.Name is not ("summary" or "generate_summary") && !IsDefault(field.Value))
                options.KeepUntranslated($"reasoning.{field.Name}", field.Value);
        }
    }

    private void TranslateText(JsonElement value)
    {
        foreach (var field in Members(value, "text"))
        {
            if (field.Name == "verbosity")
                options.Set("verbosity", field.Value);
            else if (field.Name == "format" && field.Value.ValueKind == JsonValueKind.Object)
                TranslateFormat(field.Value);
            else
                options.KeepUntranslated($"text.{field.Name}", field.Value);
        }
    }

    /// <summary>A schema has its fields in the format itself here, and in <c>json_schema</c> in Chat Completions.</summary>
    private void TranslateFormat(JsonElement format)
    {
        switch (format.OptionalText("type"))
        {
            case "text":
                break;
            case "json_object":
                options.Set("response_format", format);
                break;
            case "json_schema":
                options.Set("response_format", json =>
                {
                    json.WriteStartObject();
                    json.WriteString("type", "json_schema");
                    json.WriteStartObject("json_schema");
                    foreach (var field in format.EnumerateObject().Where(static field => field.Name != "type" && field.Value.ValueKind != JsonValueKind.Null))
                        field.WriteTo(json);

                    json.WriteEndObject();
                    json.WriteEndObject();
                });
                break;
            default:
                options.KeepUntranslated("text.format", format);
                break;
        }
    }

    private static IEnumerable<JsonProperty> Members(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().Where(static field => field.Value.ValueKind != JsonValueKind.Null)
        : throw JsonFields.Wrong(name, "an object");

    private static bool IsDefault(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is "auto" or "standard";
}
