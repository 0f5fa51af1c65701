using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>Metadata of a route whose clients expect errors in a form of their own.</summary>
public interface IErrorFormat
{
    /// <summary>The type of the body, in the API document.</summary>
    Type Body { get; }

    /// <summary>The media type of the body.</summary>
    string ContentType { get; }

    /// <summary>The status that the route's clients get for a status.</summary>
    int StatusOf(int status) => status;

    /// <summary>The answer to a request that failed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="reason">What is wrong.</param>
    IResult Create(HttpContext context, int status, ApiError reason);
}
