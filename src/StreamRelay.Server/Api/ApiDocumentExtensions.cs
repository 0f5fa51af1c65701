using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Browsers;

namespace StreamRelay.Server.Api;

/// <summary>The OpenAPI document and its page.</summary>
internal static class ApiDocumentExtensions
{
    /// <summary>Adds the document of all endpoints at <c>/openapi/v1.json</c>.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        // The names and numbers of the document; every body is written by a serializer of its own.
        services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", static options =>
        {
            options.CreateSchemaReferenceId = static type => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(ApiSchemas.AddAsync);
            options.AddOperationTransformer(ApiOperations.AddAsync);
            options.AddOperationTransformer(ApiParameters.AddAsync);
            options.AddOperationTransformer(ApiStreams.AddAsync);
            options.AddOperationTransformer(ApiSecurity.AddAsync);
            options.AddOperationTransformer(ApiExamples.AddAsync);
            options.AddDocumentTransformer(ApiSecurity.AddSchemesAsync);
            options.AddDocumentTransformer(ApiHeading.AddAsync);
        });
    }

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
}
