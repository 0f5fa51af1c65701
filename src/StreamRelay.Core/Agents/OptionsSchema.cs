using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace StreamRelay.Agents;

/// <summary>Writes the JSON schema of options, with what their attributes say.</summary>
internal static class OptionsSchema
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = AddAttributes };

    /// <summary>The schema of a type.</summary>
    public static JsonElement Create(Type type, JsonSerializerOptions json) => JsonSerializer.SerializeToElement(json.GetJsonSchemaAsNode(type, Exporter));

    private static JsonNode AddAttributes(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.TypeInfo.Type == typeof(bool))
            node = new JsonObject { ["type"] = new JsonArray("boolean", "string") };
        if (node is not JsonObject schema)
            return node;

        var source = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (Find<DescriptionAttribute>(source) is { Description.Length: > 0 } described)
            schema.Insert(0, "description", described.Description);
        if (Find<RangeAttribute>(source) is { Minimum: int or double } range)
            (schema["minimum"], schema["maximum"]) = (Number(range.Minimum), Number(range.Maximum));
        if (Find<StringLengthAttribute>(source) is { } length)
            (schema["minLength"], schema["maxLength"]) = (length.MinimumLength, length.MaximumLength);

        return schema;
    }

    private static T? Find<T>(ICustomAttributeProvider source)
        where T : Attribute => source.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();

    private static JsonValue Number(object limit) => limit is int whole ? JsonValue.Create(whole) : JsonValue.Create((double)limit);
}
