using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>Describes the errors of a route in the form that its clients understand.</summary>
internal static class ErrorDescriptions
{
    // Access, limits and stores refuse requests of any route.
    private static readonly int[] Common =
        [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable];

    public static void Add(EndpointBuilder endpoint)
    {
        var format = endpoint.Metadata.OfType<IErrorFormat>().LastOrDefault() ?? JsonErrors.Default;
        var own = endpoint.Metadata.OfType<RouteErrors>().SelectMany(static errors => errors.Statuses);
        var common = endpoint.Metadata.Any(static item => item is IAllowAnonymous) ? [] : Common;
        foreach (var status in own.Union(common).Select(format.StatusOf).Order().ToArray())
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, format.Body, [format.ContentType]));
    }
}
