using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Translates the options of a message.</summary>
internal sealed class AnthropicOptions(OptionsBuilder options)
{
    // Chat Completions requires a name, which the model does not see.
    private const string SchemaName = "output";

    /// <summary>Translates one field.</summary>
    /// <exception cref="RequestException">400: it is malformed.</exception>
    public void Translate(string name, JsonElement value)
    {
        switch (name)
        {
            case "max_tokens":
                options.Set("max_completion_tokens", value.ValueKind == JsonValueKind.Number ? value : throw JsonFields.Wrong(name, "a number"));
                break;
            case "stop_sequences":
                options.Set("stop", value.ValueKind == JsonValueKind.Array ? value : throw JsonFields.Wrong(name, "a list of texts"));
                break;
            case "metadata":
                TranslateMetadata(value);
                break;
            case "service_tier":
                TranslateTier(value);
                break;
            case "output_config":
                TranslateOutput(value);
                break;
            case "output_format":
                TranslateFormat(name, value);
                break;
            case "tools":
                new AnthropicTools(options).Translate(value);
                break;
            case "tool_choice":
                new AnthropicTools(options).TranslateChoice(value);
                break;
        }
    }

    private void TranslateMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind == JsonValueKind.Object && metadata.OptionalText("user_id") is not null)
            options.Set("user", metadata.GetProperty("user_id"));
    }

    /// <summary>The names of the tiers differ; the one without priority is <c>default</c> in Chat Completions.</summary>
    private void TranslateTier(JsonElement tier)
    {
        if (tier.ValueKind == JsonValueKind.String && tier.ValueEquals("standard_only"))
            options.Set("service_tier", static json => json.WriteStringValue("default"));
        else
            options.Set("service_tier", tier);
    }

    private void TranslateOutput(JsonElement output)
    {
        if (output.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong("output_config", "an object");

        foreach (var field in output.EnumerateObject().Where(static field => field.Value.ValueKind != JsonValueKind.Null))
        {
            if (field.Name == "effort")
                options.Set("reasoning_effort", field.Value);
            else if (field.Name == "format")
                TranslateFormat("output_config.format", field.Value);
            else
                options.KeepUntranslated($"output_config.{field.Name}", field.Value);
        }
    }

    /// <summary>A schema has its fields in the format itself here, and in <c>json_schema</c> in Chat Completions.</summary>
    private void TranslateFormat(string name, JsonElement format)
    {
        if (format.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");
        if (format.OptionalText("type") != "json_schema" || format.Optional("schema") is not { } schema)
        {
            options.KeepUntranslated(name, format);
            return;
        }

        options.Set("response_format", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", SchemaName);
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteBoolean("strict", true);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
