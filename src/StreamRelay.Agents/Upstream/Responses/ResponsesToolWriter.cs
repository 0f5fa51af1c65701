using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Writes the tools of a request, and which of them are to be called: this API has the fields of a function in the tool itself.</summary>
internal sealed class ResponsesToolWriter(Utf8JsonWriter json, RequestOptions options)
{
    private const string Function = "function";
    private const string Custom = "custom";

    /// <summary>Writes them.</summary>
    public void Write()
    {
        if (options.Take("tools") is { ValueKind: JsonValueKind.Array } tools)
            WriteTools(tools);
        if (options.Take("tool_choice") is not { } choice)
            return;

        json.WriteOptional("tool_choice", choice.Find("allowed_tools", JsonValueKind.Object) is null ? Flatten(choice) : FlattenAllowed(choice));
    }

    private void WriteTools(JsonElement tools)
    {
        json.WriteStartArray("tools");
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.Find(Function, JsonValueKind.Object) is { } function && function.Find("strict") is null)
                WriteLenient(Flatten(tool));
            else if (tool.Find(Custom, JsonValueKind.Object) is { } custom && custom.Find("format", JsonValueKind.Object) is { } format)
                WriteCustom(Flatten(tool), FlatObject.Create(format, "grammar"));
            else
                json.WriteRaw(Flatten(tool));
        }

        json.WriteEndArray();
    }

    /// <summary>A function without <c>strict</c> is not strict in Chat Completions, and strict in this API.</summary>
    private void WriteLenient(JsonElement tool)
    {
        json.WriteStartObject();
        json.WriteFields(tool.Fields("strict"));
        json.WriteBoolean("strict", false);
        json.WriteEndObject();
    }

    private void WriteCustom(JsonElement tool, JsonElement format)
    {
        json.WriteStartObject();
        json.WriteFields(tool.Fields("format"));
        json.WriteOptional("format", format);
        json.WriteEndObject();
    }

    private static JsonElement FlattenAllowed(JsonElement choice)
    {
        var flat = FlatObject.Create(choice, "allowed_tools");
        return JsonElement.Parse(AgentEvents.Json(json =>
        {
            json.WriteFields(flat.Fields("tools"));
            json.WriteStartArray("tools");
            foreach (var tool in flat.Find("tools", JsonValueKind.Array)?.EnumerateArray() ?? default)
                json.WriteRaw(Flatten(tool));

            json.WriteEndArray();
        }).Span);
    }

    private static JsonElement Flatten(JsonElement tool) => FlatObject.Create(tool, tool.Find(Custom, JsonValueKind.Object) is null ? Function : Custom);
}
