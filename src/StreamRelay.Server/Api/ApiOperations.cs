using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Descriptions;

namespace StreamRelay.Server.Api;

/// <summary>Names the operations in the document.</summary>
internal static class ApiOperations
{
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.OperationId = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteOperationId>().LastOrDefault()?.Id;
        return Task.CompletedTask;
    }
}
