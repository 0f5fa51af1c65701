using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>The errors of pushes that are not appended.</summary>
internal static class PushRefusals
{
    /// <summary>409: the task has ended.</summary>
    public static IResult Ended(TaskId task) =>
        ApiResults.Error(StatusCodes.Status409Conflict, new($"Task {task} has ended and takes no more events.", "invalid_request_error", "id", "task_ended"));

    /// <summary>409: events of the producer before these are missing.</summary>
    public static IResult Gap() => ApiResults.Error(StatusCodes.Status409Conflict, new(
        "Nothing more was appended: an event before it is missing; Producer-Expected-Seq says which comes next.", "invalid_request_error", "Producer-Seq", "producer_gap"));

    /// <summary>403: the producer has a later epoch.</summary>
    public static IResult Fenced() => ApiResults.Error(StatusCodes.Status403Forbidden,
        new("A later Producer-Epoch has taken over from this one.", "invalid_request_error", "Producer-Epoch", "producer_fenced"));

    /// <summary>400: a new epoch does not begin with number 0.</summary>
    public static IResult BadEpoch() => ApiResults.Invalid("A new Producer-Epoch must begin with Producer-Seq 0.", "Producer-Seq", "invalid_producer");

    /// <summary>503: the store has lost the log of the task, which another attempt begins anew.</summary>
    public static IResult LogLost(TaskId task) => ApiResults.Error(StatusCodes.Status503ServiceUnavailable,
        new($"The log of task {task} was lost, and is begun anew; push again in a moment.", "server_error", null, "not_stored"));

    /// <summary>409, 413, 429 or 503: the log did not accept the events.</summary>
    public static IResult NotPublished(TaskId task, PublishException exception) => exception.Failure switch
    {
        PublishFailure.Closed or PublishFailure.OutputLimit or PublishFailure.UnknownTask or PublishFailure.StaleEpoch => Ended(task),
        PublishFailure.TooLarge => ApiResults.Error(StatusCodes.Status413PayloadTooLarge, new(exception.Message, "invalid_request_error", null, "event_too_large")),
        PublishFailure.TooFast => ApiResults.Error(StatusCodes.Status429TooManyRequests, new(exception.Message, "rate_limit_error", null, "too_many_events")),
        _ => ApiResults.Error(StatusCodes.Status503ServiceUnavailable, new(exception.Message, "server_error", null, "not_stored")),
    };
}
