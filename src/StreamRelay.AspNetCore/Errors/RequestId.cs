using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>The header <c>X-Request-Id</c>, by which a response is found in the log.</summary>
public static class RequestId
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-Request-Id";

    /// <summary>Sets the header to a new id.</summary>
    public static void Assign(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        Span<byte> id = stackalloc byte[16];
        Random.Shared.NextBytes(id);
        response.Headers[Header] = "req_" + Convert.ToHexStringLower(id);
    }
}
