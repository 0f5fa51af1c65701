using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The headers that the clients of the API read.</summary>
internal static class AnthropicHeaders
{
    private const string RequestIdHeader = "request-id";

    /// <summary>Adds the id of the request under the name that the clients know.</summary>
    /// <returns>The id.</returns>
    public static string Write(HttpResponse response)
    {
        var id = response.Headers[RequestId.Header].ToString();
        response.Headers[RequestIdHeader] = id;
        return id;
    }
}
