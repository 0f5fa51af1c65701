using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>Answers that are not a success, in the one form of errors.</summary>
public static class ApiResults
{
    /// <summary>400: a field of the request is wrong.</summary>
    public static IResult Invalid(string message, string? param = null, string? code = null) =>
        Error(StatusCodes.Status400BadRequest, new(message, "invalid_request_error", param, code));

    /// <summary>404: the thing that the request names does not exist, or belongs to another owner.</summary>
    public static IResult NotFound(string message, string code, string? param = null) =>
        Error(StatusCodes.Status404NotFound, new(message, "invalid_request_error", param, code));

    /// <summary>404: the task is unknown or deleted, or belongs to another owner.</summary>
    public static IResult TaskNotFound(string id) => NotFound($"There is no task '{id}'.", "task_not_found", "id");

    /// <summary>410: the request asks for events after one that the log does not have.</summary>
    public static IResult Ahead(long lastSequence) => Error(StatusCodes.Status410Gone,
        new($"The position is ahead of the log, which ends at {lastSequence}.", "invalid_request_error", "after", "cursor_ahead") { LastSequence = lastSequence });

    /// <summary>410: the events after a position are damaged in the store.</summary>
    public static IResult Damaged(TaskId task, long after) =>
        Error(StatusCodes.Status410Gone, new(DamageMessage(task, after), "server_error", "after", "log_damaged") { LastSequence = after });

    /// <summary>424: the task of the answer failed. Clients do not retry this status, and so start no other run.</summary>
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

    private static string DamageMessage(TaskId task, long after) =>
        $"The log of task {task} is damaged after event {after}. The events up to there can be read; to go on without the task, delete it.";
}
