using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>The errors of valid requests that start no task.</summary>
internal static class StartRefusals
{
    /// <summary>423: a task of the conversation has not ended, and its agent runs one at a time. The status does not make clients retry at once.</summary>
    public static RequestException ConversationBusy(TaskId running) => new(StatusCodes.Status423Locked,
        new($"Task {running} of this conversation has not ended; wait for its end, or stop it.", "invalid_request_error", null, "conversation_busy"));

    /// <summary>422: the idempotency key belongs to a task with another body or another agent.</summary>
    public static RequestException KeyReused() => new(StatusCodes.Status422UnprocessableEntity,
        new("This Idempotency-Key, or this run, was used with another body or for another agent.", "invalid_request_error", "Idempotency-Key", "idempotency_key_reused"));

    /// <summary>413: the metadata of the task is too large.</summary>
    public static RequestException MetadataTooLarge(string name, int limit) => new(StatusCodes.Status413PayloadTooLarge,
        new($"'{name}' is larger than {limit} bytes (StreamRelay:Limits:MetadataBytes).", "invalid_request_error", name, "metadata_too_large"));

    /// <summary>413: what the answers to the request repeat of it is too large.</summary>
    public static RequestException EchoTooLarge(int limit) => new(StatusCodes.Status413PayloadTooLarge,
        new($"The fields that the answers repeat, such as 'instructions' and 'tools', are larger than {limit} bytes (StreamRelay:Limits:EchoBytes).", "invalid_request_error", null, "echo_too_large"));

    /// <summary>503: the server accepts no new tasks.</summary>
    public static RequestException ShuttingDown() => new(StatusCodes.Status503ServiceUnavailable,
        new("The server is shutting down; try again when it is back.", "server_error", null, "shutting_down"));
}
