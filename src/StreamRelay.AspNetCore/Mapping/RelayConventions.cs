using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Rates;
using StreamRelay.AspNetCore.Requests;

namespace StreamRelay.AspNetCore.Mapping;

/// <summary>Gives an endpoint what all endpoints of StreamRelay have: access, limits, and errors of its protocol.</summary>
internal sealed class RelayConventions(
    KeyRing keys, RequestErrors errors, BrowserRules browsers, CallerLifetime lifetime, IOptions<LimitOptions> limits, RateGuard? rates = null)
{
    /// <summary>Completes an endpoint, after every convention of the application. An endpoint that is complete is left as it is.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="prefix">The segments of its path that the application has chosen.</param>
    public void Complete(EndpointBuilder endpoint, int prefix)
    {
        if (endpoint.Metadata.Any(static data => data is BasePath))
            return;

        // The last metadata of a kind applies, so what the application has set comes after these.
        endpoint.Metadata.Insert(0, new BasePath(prefix));
        endpoint.Metadata.Insert(0, new BodyLimit(limits.Value.BodyBytes));

        // The metadata makes ASP.NET Core require the CORS middleware, so an application without origins must not have it.
        if (keys.Origins.Count > 0 && !endpoint.Metadata.Any(static data => data is ICorsMetadata))
            endpoint.Metadata.Add(new EnableCorsAttribute(CorsSetup.Policy));

        EndpointPolicies.Require(endpoint);
        ErrorDescriptions.Add(endpoint);
        endpoint.RequestDelegate = WithErrors(ForOwnPages(WithLifetime(AtItsRate(endpoint))));
    }

    // Monitoring asks often, and without a key.
    private RequestDelegate AtItsRate(EndpointBuilder endpoint)
    {
        var run = endpoint.RequestDelegate!;
        return rates is null || endpoint.Metadata.Any(static data => data is IAllowAnonymous) ? run : context => rates.RunAsync(context, run);
    }

    private RequestDelegate WithLifetime(RequestDelegate endpoint) => context => lifetime.RunAsync(context, endpoint);

    private RequestDelegate ForOwnPages(RequestDelegate endpoint) => context => browsers.FindFault(context) is { } fault ? fault.ExecuteAsync(context) : endpoint(context);

    private RequestDelegate WithErrors(RequestDelegate endpoint) => context => errors.RunAsync(context, endpoint);
}
