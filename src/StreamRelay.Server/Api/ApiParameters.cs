using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Descriptions;

namespace StreamRelay.Server.Api;

/// <summary>Adds the query parameters and headers of routes to the document.</summary>
internal static class ApiParameters
{
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteParameter>())
            (operation.Parameters ??= []).Add(Create(parameter));

        return Task.CompletedTask;
    }

    private static OpenApiParameter Create(RouteParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Description = parameter.Description,
        Required = parameter.IsRequired,
        Schema = parameter.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Value(parameter) } : Value(parameter),
    };

    private static OpenApiSchema Value(RouteParameter parameter) => parameter.Range is var (least, most)
        ? new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = least.ToString(CultureInfo.InvariantCulture),
            Maximum = most.ToString(CultureInfo.InvariantCulture),
        }
        : new()
        {
            Type = JsonSchemaType.String,
            Enum = parameter.Values.Count == 0 ? null : [.. parameter.Values.Select(static value => (JsonNode)value)],
        };
}
