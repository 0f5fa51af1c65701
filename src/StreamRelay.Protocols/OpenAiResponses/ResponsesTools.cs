using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Translates the tools of a response, and which of them are to be called. Tools that the server runs have no translation.</summary>
internal sealed class ResponsesTools(OptionsBuilder options)
{
    private const string Function = "function";
    private const string Custom = "custom";

    private static readonly Dictionary<string, string[]> Fields = new()
    {
        [Function] = ["type", "name", "description", "parameters", "strict"],
        [Custom] = ["type", "name", "description", "format"],
    };

    /// <summary>Whether one of the tools is run by the server of the model, and not by the client.</summary>
    public static bool AnyOfServer(JsonElement tools) => tools.ValueKind == JsonValueKind.Array
        && tools.EnumerateArray().Any(static tool => tool.ValueKind == JsonValueKind.Object && !Fields.ContainsKey(tool.OptionalText("type") ?? ""));

    /// <exception cref="RequestException">400: the tools are malformed.</exception>
    public void Translate(JsonElement tools)
    {
        List<JsonElement> known = [];
        foreach (var (tool, field) in ToolList.Read(tools))
        {
            if (Fields.TryGetValue(tool.OptionalText("type") ?? "", out var fields))
                known.Add(Check(tool, field, fields));
            else
                options.KeepUntranslated(field, tool);
        }

        if (known.Count > 0)
            options.Set("tools", json => Write(json, known));
    }

    /// <exception cref="RequestException">400: the choice is malformed.</exception>
    public void TranslateChoice(JsonElement choice)
    {
        if (choice.ValueKind == JsonValueKind.String)
            options.Set("tool_choice", choice);
        else if (choice.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong("tool_choice", "a string or an object");
        else if (Named(choice) is var (type, name))
            options.Set("tool_choice", json => FunctionTool.WriteChoice(json, type, name));
        else if (choice.OptionalText("type") == "allowed_tools" && Allowed(choice) is { } tools)
            options.Set("tool_choice", json => WriteAllowed(json, choice.OptionalText("mode") ?? "auto", tools));
        else
            options.KeepUntranslated("tool_choice", choice);
    }

    private JsonElement Check(JsonElement tool, string field, string[] fields)
    {
        tool.RequiredText("name", field);
        foreach (var other in tool.EnumerateObject().Where(other => !fields.Contains(other.Name) && !JsonFields.IsOff(other.Value)))
            options.KeepUntranslated($"{field}.{other.Name}", other.Value);

        return tool;
    }

    private static void Write(Utf8JsonWriter json, List<JsonElement> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            if (tool.OptionalText("type") == Custom)
                WriteCustom(json, tool);
            else
                FunctionTool.Write(json, tool.OptionalText("name")!, tool.Optional("description"), tool.Optional("parameters"), tool.Optional("strict"));
        }

        json.WriteEndArray();
    }

    private static void WriteCustom(Utf8JsonWriter json, JsonElement tool)
    {
        json.WriteStartObject();
        json.WriteString("type", Custom);
        json.WriteStartObject(Custom);
        json.WriteString("name", tool.OptionalText("name"));
        FunctionTool.WriteOptional(json, "description", tool.Optional("description"));
        if (tool.OptionalObject("format") is { } format)
            WriteFormat(json, format);

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A grammar has its fields in the format itself here, and in <c>grammar</c> in Chat Completions.</summary>
    private static void WriteFormat(Utf8JsonWriter json, JsonElement format)
    {
        json.WritePropertyName("format");
        if (format.OptionalText("type") != "grammar")
        {
            format.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "grammar");
        json.WriteStartObject("grammar");
        foreach (var field in format.EnumerateObject().Where(static field => field.Name != "type"))
            field.WriteTo(json);

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <returns><see langword="null"/> when it names no tool of the caller.</returns>
    private static (string Type, string Name)? Named(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.OptionalText("type") is Function or Custom && tool.OptionalText("name") is { } name
            ? (tool.OptionalText("type")!, name)
            : null;

    /// <returns><see langword="null"/> when a tool is allowed that is none of the caller.</returns>
    private static (string Type, string Name)[]? Allowed(JsonElement choice)
    {
        if (choice.Optional("tools") is not { ValueKind: JsonValueKind.Array } tools)
            return null;

        (string, string)[] named = [.. tools.EnumerateArray().Select(Named).OfType<(string, string)>()];
        return named.Length == tools.GetArrayLength() ? named : null;
    }

    private static void WriteAllowed(Utf8JsonWriter json, string mode, (string Type, string Name)[] tools)
    {
        json.WriteStartObject();
        json.WriteString("type", "allowed_tools");
        json.WriteStartObject("allowed_tools");
        json.WriteString("mode", mode);
        json.WriteStartArray("tools");
        foreach (var (type, name) in tools)
            FunctionTool.WriteChoice(json, type, name);

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
