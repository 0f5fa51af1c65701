using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server.Api;

/// <summary>Says in the document what each route accepts as access.</summary>
internal static class ApiSecurity
{
    private const string Key = "key";
    private const string Ticket = "ticket";

    public static Task AddSchemesAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, or a token of the identity provider. Where none is configured, programs on the same machine need none.",
            },
            [Ticket] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Query,
                Name = TicketScope.TicketParameter,
                Description = "A ticket of POST /v1/tickets, for clients that cannot send a header.",
            },
        };
        return Task.CompletedTask;
    }

    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Security = metadata.Any(static item => item is IAllowAnonymous) ? []
            : metadata.Any(static item => item is TicketScope) ? [Require(Key, context.Document), Require(Ticket, context.Document)]
            : [Require(Key, context.Document)];
        return Task.CompletedTask;
    }

    private static OpenApiSecurityRequirement Require(string scheme, OpenApiDocument? document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
