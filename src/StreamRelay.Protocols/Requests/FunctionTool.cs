using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Writes tools in the shape of Chat Completions.</summary>
internal static class FunctionTool
{
    /// <summary>Writes a function.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="parameters">The schema of its arguments.</param>
    /// <param name="strict">Whether the arguments always have the schema.</param>
    /// <param name="others">Fields of the tool beside the function.</param>
    public static void Write(
        Utf8JsonWriter json, string name, JsonElement? description, JsonElement? parameters, JsonElement? strict = null, IEnumerable<JsonProperty>? others = null)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", name);
        WriteOptional(json, "description", description);
        WriteOptional(json, "parameters", parameters);
        WriteOptional(json, "strict", strict);
        json.WriteEndObject();
        foreach (var field in others ?? [])
            field.WriteTo(json);

        json.WriteEndObject();
    }

    /// <summary>Writes the type and the name of a tool that is to be called.</summary>
    public static void WriteChoice(Utf8JsonWriter json, string type, string name)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject(type);
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a field that has a value.</summary>
    public static void WriteOptional(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } given)
            return;

        json.WritePropertyName(name);
        given.WriteTo(json);
    }
}
