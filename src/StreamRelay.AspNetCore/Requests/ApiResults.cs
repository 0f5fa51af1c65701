using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Answers that are not a success, in the one error shape.</summary>
public static class ApiResults
{
    /// <summary>400: the request is wrong in the field named.</summary>
    public static IResult Invalid(string message, string? param = null, string? code = null) =>
        Error(StatusCodes.Status400BadRequest, new(message, "invalid_request_error", param, code));

    /// <summary>404: there is no such thing, or not for this caller.</summary>
    public static IResult NotFound(string message, string code, string? param = null) =>
        Error(StatusCodes.Status404NotFound, new(message, "invalid_request_error", param, code));

    /// <summary>404 for a task, whether it is unknown, deleted or somebody else's.</summary>
    public static IResult TaskNotFound(string id) => NotFound($"There is no task '{id}'.", "task_not_found", "id");

    /// <summary>410: the position lies beyond the log.</summary>
    public static IResult Ahead(long lastSequence) => Error(StatusCodes.Status410Gone,
        new($"The position is ahead of the log, which ends at {lastSequence}.", "invalid_request_error", "after", "cursor_ahead") { LastSequence = lastSequence });

    /// <summary>424: the task behind the answer failed. Not a status that makes clients start another run.</summary>
    public static IResult TaskFailed(string message, string? code) =>
        Error(StatusCodes.Status424FailedDependency, new(message, "server_error", null, code));

    /// <summary>A status that has no other explanation: its reason phrase, and the request.</summary>
    public static IResult Status(HttpContext context, int status)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Error(status, new($"{ReasonPhrases.GetReasonPhrase(status)}: {context.Request.Method} {context.Request.Path}.", "invalid_request_error", null, null));
    }

    /// <summary>Any status.</summary>
    public static IResult Error(int status, ApiError error) => new ApiErrorResult(status, error);
}
