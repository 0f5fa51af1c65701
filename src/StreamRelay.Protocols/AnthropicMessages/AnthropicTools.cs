using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Translates the tools of a message, and which of them are to be called. Tools that the server of the model defines or runs have no translation.</summary>
internal sealed class AnthropicTools(OptionsBuilder options)
{
    private const string Custom = "custom";
    private const string Direct = "direct";

    /// <exception cref="RequestException">400: the tools are malformed.</exception>
    public void Translate(JsonElement tools)
    {
        List<JsonElement> known = [];
        foreach (var (tool, field) in ToolList.Read(tools))
        {
            if ((tool.OptionalText("type") ?? Custom) == Custom)
                known.Add(Check(tool, field));
            else
                options.KeepUntranslated(field, tool);
        }

        if (known.Count > 0)
            options.Set("tools", json => Write(json, known));
    }

    /// <exception cref="RequestException">400: the choice is malformed.</exception>
    public void TranslateChoice(JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong("tool_choice", "an object with a 'type'");

        switch (choice.OptionalText("type"))
        {
            case "auto":
                options.Set("tool_choice", static json => json.WriteStringValue("auto"));
                break;
            case "any":
                options.Set("tool_choice", static json => json.WriteStringValue("required"));
                break;
            case "none":
                options.Set("tool_choice", static json => json.WriteStringValue("none"));
                break;
            case "tool":
                var name = choice.RequiredText("name", "tool_choice");
                options.Set("tool_choice", json => FunctionTool.WriteChoice(json, "function", name));
                break;
            default:
                throw JsonFields.Wrong("tool_choice.type", "one of auto, any, tool, none");
        }

        if (choice.Flag("disable_parallel_tool_use"))
            options.Set("parallel_tool_calls", static json => json.WriteBooleanValue(false));
    }

    private JsonElement Check(JsonElement tool, string field)
    {
        tool.RequiredText("name", field);
        foreach (var other in tool.EnumerateObject().Where(static other => !JsonFields.IsOff(other.Value)))
        {
            var handling = AnthropicFields.Tool.GetValueOrDefault(other.Name, FieldHandling.Untranslated);
            if (handling == FieldHandling.Untranslated || (other.Name == "allowed_callers" && !IsDirect(other.Value)))
                options.KeepUntranslated($"{field}.{other.Name}", other.Value);
        }

        return tool;
    }

    /// <summary>Whether only the model itself may call the tool, as it always may.</summary>
    private static bool IsDirect(JsonElement callers) =>
        callers.ValueKind == JsonValueKind.Array && callers.EnumerateArray().All(static caller => caller.ValueKind == JsonValueKind.String && caller.ValueEquals(Direct));

    private static void Write(Utf8JsonWriter json, List<JsonElement> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            FunctionTool.Write(json, tool.OptionalText("name")!, tool.Optional("description"), tool.Optional("input_schema"), tool.Optional("strict"),
                tool.EnumerateObject().Where(static field => AnthropicFields.Tool.GetValueOrDefault(field.Name, FieldHandling.Used) == FieldHandling.Passed));
        }

        json.WriteEndArray();
    }
}
