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
        // Properties get theirs with the object that has them: one with a converter and a default is not transformed itself.
        if ((node as JsonObject)?["properties"] is JsonObject members)
        {
            foreach (var property in context.TypeInfo.Properties.Where(property => members.ContainsKey(property.Name)))
                members[property.Name] = Describe(members[property.Name]!.DeepClone(), property.PropertyType, property.AttributesOf<Attribute>());
        }

        return context.PropertyInfo is null ? Describe(node, context.TypeInfo.Type, context.TypeInfo.Type.GetCustomAttributes<Attribute>(inherit: true)) : node;
    }

    private static JsonNode Describe(JsonNode node, Type type, IEnumerable<Attribute> attributes)
    {
        // What a converter reads has the schema true, or an object with a default only.
        var isFlag = (Nullable.GetUnderlyingType(type) ?? type) == typeof(bool);
        if ((node as JsonObject ?? (isFlag ? [] : null)) is not { } schema)
            return node;

        if (isFlag)
            schema["type"] = type == typeof(bool) ? new JsonArray("boolean", "string") : new JsonArray("boolean", "string", "null");
        if (attributes.OfType<DescriptionAttribute>().FirstOrDefault() is { Description.Length: > 0 } described)
            schema.Insert(0, "description", described.Description);
        if (attributes.OfType<RangeAttribute>().FirstOrDefault() is { } range && range.HasNumbers())
            (schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"], schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"]) = (Number(range.Minimum), Number(range.Maximum));
        if (attributes.OfType<StringLengthAttribute>().FirstOrDefault() is { } length)
            (schema["minLength"], schema["maxLength"]) = (length.MinimumLength, length.MaximumLength);

        return schema;
    }

    private static JsonValue Number(object limit) => limit is int whole ? JsonValue.Create(whole) : JsonValue.Create((double)limit);
}
