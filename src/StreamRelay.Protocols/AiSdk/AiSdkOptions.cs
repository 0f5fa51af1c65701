using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>Translates the fields that front ends of the AI SDK commonly send beside a chat.</summary>
internal sealed class AiSdkOptions(OptionsBuilder options)
{
    /// <summary>Translates one field.</summary>
    public void Translate(string name, JsonElement value)
    {
        if (name == "system")
            options.Set(value.ValueKind == JsonValueKind.String ? NeutralOptions.Instructions : name, value);
        else if (value.ValueKind == JsonValueKind.Object)
            TranslateTools(value);
        else
            options.Set(name, value);
    }

    /// <summary>Front ends send their tools as an object with a member for each; a list of tools is in the form of Chat Completions already.</summary>
    private void TranslateTools(JsonElement tools)
    {
        if (!tools.EnumerateObject().Any())
            return;

        options.Set("tools", json =>
        {
            json.WriteStartArray();
            foreach (var tool in tools.EnumerateObject())
            {
                if (tool.Value.ValueKind != JsonValueKind.Object)
                    throw JsonFields.Wrong($"tools.{tool.Name}", "an object");

                var parameters = tool.Value.Optional("parameters") ?? tool.Value.Optional("inputSchema");
                FunctionTool.Write(json, tool.Name, tool.Value.Optional("description"), parameters);
            }

            json.WriteEndArray();
        });
    }
}
