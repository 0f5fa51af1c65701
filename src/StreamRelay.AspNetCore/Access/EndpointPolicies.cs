using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Gives every endpoint of a group one of <see cref="RelayPolicies"/>, so that none is left open by oversight.</summary>
internal static class EndpointPolicies
{
    /// <summary>Requires <see cref="RelayPolicies.Read"/> for GET and HEAD and <see cref="RelayPolicies.Start"/> for the rest, unless the endpoint names
    /// one of the policies itself or allows anonymous callers.</summary>
    public static void Require(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any(static data => data is IAllowAnonymous || (data is IAuthorizeData { Policy: { } policy } && RelayPolicies.FindScope(policy) is not null)))
            return;

        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        var isRead = methods.Count > 0 && methods.All(static method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
        endpoint.Metadata.Add(new AuthorizeAttribute(isRead ? RelayPolicies.Read : RelayPolicies.Start));
    }
}
