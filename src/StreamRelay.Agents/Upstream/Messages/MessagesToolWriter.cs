using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Writes the tools of a request, and which of them are to be called. Tools that are no functions have no form in this API.</summary>
internal sealed class MessagesToolWriter(Utf8JsonWriter json, RequestOptions options)
{
    private static readonly string[] FunctionFields = ["name", "description", "parameters", "strict"];

    /// <summary>Writes them.</summary>
    public void Write()
    {
        (int Index, JsonElement Tool)[] tools = [.. (options.Take("tools") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default).Index()];
        var functions = tools.Where(static tool => Function(tool.Tool) is not null).ToArray();
        options.Dropped.AddRange(tools.Where(static tool => Function(tool.Tool) is null).Select(static tool => $"tools[{tool.Index}]"));
        var (choice, parallel) = (options.Take("tool_choice"), options.Take("parallel_tool_calls"));
        if (functions.Length == 0)
        {
            // The server refuses a choice without tools. Only one that asks for a call loses something.
            if (choice is { } given && Read(given).Type is not ("auto" or "none"))
                options.Dropped.Add("tool_choice");

            return;
        }

        WriteTools(functions);
        WriteChoice(choice, isSingle: parallel is { ValueKind: JsonValueKind.False });
    }

    private static JsonElement? Function(JsonElement tool) => tool.Find("function", JsonValueKind.Object);

    private void WriteTools((int Index, JsonElement Tool)[] functions)
    {
        json.WriteStartArray("tools");
        foreach (var (index, tool) in functions)
            WriteFunction(tool, Function(tool)!.Value, $"tools[{index}]");

        json.WriteEndArray();
    }

    private void WriteFunction(JsonElement tool, JsonElement function, string field)
    {
        options.Dropped.AddRange(function.EnumerateObject().Where(static member => !FunctionFields.Contains(member.Name) && !member.Value.IsEmpty())
            .Select(member => $"{field}.function.{member.Name}"));
        json.WriteStartObject();
        json.WriteOptional("name", function.Find("name"));
        json.WriteOptional("description", function.Find("description"));
        json.WritePropertyName("input_schema");
        if (function.Find("parameters") is { } parameters)
            json.WriteRaw(parameters);
        else
            json.WriteRawValue("""{"type":"object","properties":{}}""");
        if (function.Find("strict") is { ValueKind: JsonValueKind.True } strict)
            json.WriteOptional("strict", strict);

        json.WriteFields(tool.Fields("type", "function", "name", "description", "input_schema", "strict"));
        json.WriteEndObject();
    }

    private void WriteChoice(JsonElement? choice, bool isSingle)
    {
        var (type, name) = choice is { } given ? Read(given) : isSingle ? ("auto", null) : (null, null);
        if (type is null)
        {
            if (choice is not null)
                options.Dropped.Add("tool_choice");

            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", type);
        json.WriteOptional("name", name);
        if (isSingle && type != "none")
            json.WriteBoolean("disable_parallel_tool_use", true);

        json.WriteEndObject();
    }

    private static (string? Type, string? Name) Read(JsonElement choice) => choice switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is "auto" or "none" => (text.GetString(), null),
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("required") => ("any", null),
        { ValueKind: JsonValueKind.Object } when choice.Find("function", JsonValueKind.Object) is { } function => ("tool", RequestJson.Text(function, "name")),
        _ => (null, null),
    };
}
