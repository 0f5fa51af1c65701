using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Browsers;

namespace StreamRelay.Server.Api;

/// <summary>The OpenAPI document and its page.</summary>
internal static class ApiDocumentExtensions
{
    /// <summary>Adds the document of all endpoints at <c>/openapi/v1.json</c>.</summary>
    public static void AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(ApiExamples.AddAsync);
        });

    /// <summary>Maps <c>/openapi/v1.json</c>.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        var document = app.MapOpenApi().RequireAuthorization(RelayPolicies.Loopback);
        document.Finally(static endpoint => endpoint.RequestDelegate = Protect(endpoint.RequestDelegate!));
    }

    /// <summary>Serves the page of the document at <c>/swagger</c>.</summary>
    public static void UseApiDocumentPage(this IApplicationBuilder app) => app.UseSwaggerUI(static options =>
    {
        options.SwaggerEndpoint("/openapi/v1.json", "StreamRelay v1");
        options.DocumentTitle = "StreamRelay API";
    });

    private static RequestDelegate Protect(RequestDelegate endpoint) => context =>
    {
        SecurityHeaders.WriteForData(context.Response);
        return endpoint(context);
    };

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StreamRelay",
            Version = "v1",
            Description = "Run an agent once; read it in any supported protocol, disconnect, resume and lose nothing.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, where any is configured.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
        return Task.CompletedTask;
    }
}
