using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Server.Api;

/// <summary>Adds examples of request bodies, stream frames and errors to the document.</summary>
internal static class ApiExamples
{
    private const string NotFound = "404";
    private const string Error = """{"error":{"message":"There is no task 'x'.","type":"invalid_request_error","param":"id","code":"task_not_found"}}""";

    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteExample>().FirstOrDefault();
        if (example?.Request is { } request && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
            body.Example = JsonNode.Parse(request);

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status == NotFound && HasErrorBody(context) && response.Content?.TryGetValue("application/json", out var error) == true)
                error.Example = JsonNode.Parse(Error);
            if (response.Content?.TryGetValue("text/event-stream", out var stream) == true && example?.Stream is { } frames)
                stream.Example = JsonValue.Create(frames);
        }

        return Task.CompletedTask;
    }

    private static bool HasErrorBody(OpenApiOperationTransformerContext context) =>
        context.Description.SupportedResponseTypes.Any(static type => type.StatusCode == StatusCodes.Status404NotFound && type.Type == typeof(ApiErrorBody));
}
