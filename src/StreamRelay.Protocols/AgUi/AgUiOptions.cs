using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AgUi;

/// <summary>Translates the fields of a run that are no messages.</summary>
internal sealed class AgUiOptions(OptionsBuilder options)
{
    /// <summary>Translates one field.</summary>
    /// <exception cref="RequestException">400: it is malformed.</exception>
    public void Translate(string name, JsonElement value)
    {
        if (IsEmpty(value))
            return;

        switch (name)
        {
            case "tools":
                options.Set("tools", json => WriteTools(json, value));
                break;
            case "context":
                options.Set(NeutralOptions.Instructions, json => json.WriteStringValue(ContextText(value)));
                break;
            case "forwardedProps" when value.ValueKind == JsonValueKind.Object:
                foreach (var property in value.EnumerateObject().Where(static property => property.Name != "agent"))
                    options.Set(property.Name, property.Value);

                break;
            default:
                options.KeepUntranslated(name, value);
                break;
        }
    }

    /// <summary>Clients send fields that they do not use as empty values.</summary>
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.ValueEquals(""),
        _ => false,
    };

    private static void WriteTools(Utf8JsonWriter json, JsonElement tools)
    {
        json.WriteStartArray();
        foreach (var (tool, field) in ToolList.Read(tools))
            FunctionTool.Write(json, tool.RequiredText("name", field), tool.Optional("description"), tool.Optional("parameters"));

        json.WriteEndArray();
    }

    /// <summary>What the application adds about itself, for the model.</summary>
    private static string ContextText(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Array || context.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.Object))
            throw JsonFields.Wrong("context", "a list of objects");

        return string.Join("\n\n", context.EnumerateArray().Select(static (item, index) =>
            $"{item.RequiredText("description", $"context[{index}]")}:\n{item.RequiredText("value", $"context[{index}]")}"));
    }
}
