namespace StreamRelay.Protocols.Requests;

/// <summary>The request is refused with this error.</summary>
/// <param name="status">The HTTP status, such as 400.</param>
/// <param name="error">What is wrong, and how to correct it.</param>
public sealed class RequestException(int status, ApiError error) : Exception((error ?? throw new ArgumentNullException(nameof(error))).Message)
{
    private const int BadRequest = 400;
    private const int RequestNotFound = 404;
    private const string InvalidRequest = "invalid_request_error";

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The error object of the response.</summary>
    public ApiError Error => error;

    /// <summary>400: a field of the request is wrong.</summary>
    public static RequestException Invalid(string message, string? param = null, string? code = null) =>
        new(BadRequest, new(message, InvalidRequest, param, code));

    /// <summary>404: the thing that the request names does not exist, or belongs to another owner.</summary>
    public static RequestException NotFound(string message, string code, string? param = null) =>
        new(RequestNotFound, new(message, InvalidRequest, param, code));
}
