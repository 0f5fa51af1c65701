using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Descriptions;

namespace StreamRelay.Server.Api;

/// <summary>Adds streams of server-sent events to the document: a text, whose extension <c>x-itemSchema</c> is the schema of the data of each frame (OpenAPI 3.2, <c>itemSchema</c>).</summary>
internal static class ApiStreams
{
    private const string MediaType = "text/event-stream";

    public static async Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteStream>().FirstOrDefault() is not { } stream)
            return;

        var name = stream.Event.Name;
        if (context.Document?.Components?.Schemas?.ContainsKey(name) != true)
            context.Document?.AddComponent(name, await context.GetOrCreateSchemaAsync(stream.Event, cancellationToken: cancellationToken));

        var answers = operation.Responses ??= [];
        if (!answers.TryGetValue("200", out var answer))
            answers["200"] = answer = new OpenApiResponse { Description = "OK", Content = new Dictionary<string, OpenApiMediaType>() };

        answer.Content![MediaType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Server-sent events (WHATWG HTML, section 9.2).",
                Extensions = new Dictionary<string, IOpenApiExtension>
                {
                    ["x-itemSchema"] = new JsonNodeExtension(new JsonObject { ["$ref"] = $"#/components/schemas/{name}" }),
                },
            },
        };
    }
}
