using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Translates the tools of a response, and which of them are to be called. Tools that the server runs, and tools that take any text, have no translation.</summary>
internal sealed class ResponsesTools(OptionsBuilder options)
{
    private static readonly string[] FunctionFields = ["type", "name", "description", "parameters", "strict"];

    /// <exception cref="RequestException">400: the tools are malformed.</exception>
    public void Translate(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong("tools", "a list of tools");

        List<JsonElement> functions = [];
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var field = $"tools[{index++}]";
            if (tool.ValueKind != JsonValueKind.Object)
                throw JsonFields.Wrong(field, "an object");
            if (tool.OptionalText("type") == "function")
                functions.Add(CheckFunction(tool, field));
            else
                options.KeepUntranslated(field, tool);
        }

        if (functions.Count > 0)
            options.Set("tools", json => Write(json, functions));
    }

    /// <exception cref="RequestException">400: the choice is malformed.</exception>
    public void TranslateChoice(JsonElement choice)
    {
        if (choice.ValueKind == JsonValueKind.String)
            options.Set("tool_choice", choice);
        else if (choice.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong("tool_choice", "a string or an object");
        else if (choice.OptionalText("type") == "function" && choice.OptionalText("name") is { } name)
            options.Set("tool_choice", json => FunctionTool.WriteChoice(json, name));
        else if (choice.OptionalText("type") == "allowed_tools" && AllowedFunctions(choice) is { } names)
            options.Set("tool_choice", json => WriteAllowed(json, choice.OptionalText("mode") ?? "auto", names));
        else
            options.KeepUntranslated("tool_choice", choice);
    }

    private JsonElement CheckFunction(JsonElement tool, string field)
    {
        if (tool.OptionalText("name") is null)
            throw JsonFields.Wrong($"{field}.name", "a string");

        foreach (var other in tool.EnumerateObject().Where(static other => !FunctionFields.Contains(other.Name) && !JsonFields.IsOff(other.Value)))
            options.KeepUntranslated($"{field}.{other.Name}", other.Value);

        return tool;
    }

    private static void Write(Utf8JsonWriter json, List<JsonElement> functions)
    {
        json.WriteStartArray();
        foreach (var tool in functions)
            FunctionTool.Write(json, tool.OptionalText("name")!, tool.Optional("description"), tool.Optional("parameters"), tool.Optional("strict"));

        json.WriteEndArray();
    }

    /// <returns><see langword="null"/> when a tool is allowed that is no function.</returns>
    private static string[]? AllowedFunctions(JsonElement choice)
    {
        if (choice.Optional("tools") is not { ValueKind: JsonValueKind.Array } tools)
            return null;

        string[] names = [.. tools.EnumerateArray()
            .Select(static tool => tool.ValueKind == JsonValueKind.Object && tool.OptionalText("type") == "function" ? tool.OptionalText("name") : null)
            .OfType<string>()];
        return names.Length == tools.GetArrayLength() ? names : null;
    }

    private static void WriteAllowed(Utf8JsonWriter json, string mode, string[] names)
    {
        json.WriteStartObject();
        json.WriteString("type", "allowed_tools");
        json.WriteStartObject("allowed_tools");
        json.WriteString("mode", mode);
        json.WriteStartArray("tools");
        foreach (var name in names)
            FunctionTool.WriteChoice(json, name);

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
