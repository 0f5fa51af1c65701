using System.Net;

namespace StreamRelay.Client.Errors;

/// <summary>The server refused a request, or answered with something that is not its protocol.</summary>
public class RelayException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, in the words of the server where it gave any.</param>
    /// <param name="inner">The cause, or <see langword="null"/>.</param>
    public RelayException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The status of the answer; <see langword="null"/> when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The stable code of the error, such as <c>model_not_found</c>; <see langword="null"/> when the server gave none.</summary>
    public string? Code { get; init; }

    /// <summary>The field of the request that is wrong; <see langword="null"/> when the server named none.</summary>
    public string? Param { get; init; }

    /// <summary>How long the server asks to wait before the request is repeated; <see langword="null"/> when it does not ask.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
