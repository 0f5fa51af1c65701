using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StreamRelay.Server.Api;

/// <summary>Makes the schemas say what is on the wire: a field is required where it is always there.</summary>
internal static class ApiSchemas
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static Task AddAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        // Types of the framework are no messages: a file's content is described as a stream.
        if (context.JsonTypeInfo.Type.Assembly == typeof(Stream).Assembly && context.JsonPropertyInfo is null)
            return Task.CompletedTask;

        // The type of a property comes here with the property only.
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
            schema.Required = context.JsonTypeInfo.Properties.Where(IsAlwaysThere).Select(static property => property.Name).ToHashSet();
        if (context.JsonPropertyInfo is { } property && !IsNullable(property) && schema.Type is { } type)
            schema.Type = type & ~JsonSchemaType.Null;

        return Task.CompletedTask;
    }

    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        !IsNullable(property) && property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) != true;

    private static bool IsNullable(JsonPropertyInfo property)
    {
        if (property.AttributeProvider is not PropertyInfo member)
            return false;

        lock (Nullability)
            return Nullability.Create(member).ReadState == NullabilityState.Nullable;
    }
}
