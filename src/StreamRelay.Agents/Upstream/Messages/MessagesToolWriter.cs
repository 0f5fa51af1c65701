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
        var tools = options.Take("tools");
        if (tools is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
            WriteTools(list);

        WriteChoice(options.Take("tool_choice"), isSingle: options.Take("parallel_tool_calls") is { ValueKind: JsonValueKind.False } && tools is not null);
    }

    private void WriteTools(JsonElement tools)
    {
        json.WriteStartArray("tools");
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.Find("function", JsonValueKind.Object) is { } function)
                WriteFunction(tool, function, $"tools[{index}]");
            else
                options.Dropped.Add($"tools[{index}]");

            index++;
        }

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
