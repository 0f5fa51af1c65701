using StreamRelay.Events;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>How a response ended.</summary>
internal sealed class ResponsesEnd
{
    private readonly ResponsesUsage _usage;
    private readonly string _reason;
    private readonly bool _isStopped;
    private readonly StreamEvent? _error;
    private readonly string _errorCode;

    private ResponsesEnd(ResponsesUsage usage, string reason, bool isStopped, StreamEvent? error, string errorCode) =>
        (_usage, _reason, _isStopped, _error, _errorCode) = (usage, reason, isStopped, error, errorCode);

    /// <summary>The status of the response.</summary>
    public ReadOnlySpan<byte> Status => _error is not null ? "failed"u8 : _isStopped ? "cancelled"u8 : IsWhole ? "completed"u8 : "incomplete"u8;

    /// <summary>The type of the last event. There is none for a response that was cancelled; its status says so.</summary>
    public ReadOnlySpan<byte> EventType => _error is not null ? "response.failed"u8 : IsWhole ? "response.completed"u8 : "response.incomplete"u8;

    /// <summary>Whether the task completed, and nothing cut its answer.</summary>
    public bool IsWhole => _error is null && !_isStopped && _reason.Length == 0;

    public static ResponsesEnd Of(in EndMetadata end, ResponsesUsage usage) => new(usage, end.IsStopped ? "" : Reason(end.FinishReason), end.IsStopped, null, "");

    public static ResponsesEnd Of(StreamEvent error, in ErrorMetadata metadata, ResponsesUsage usage) => new(usage, "", false, error, metadata.Code);

    /// <summary>The reason as the API names it; empty for an answer that is whole.</summary>
    public static string Reason(string finishReason) => finishReason switch
    {
        "length" => "max_output_tokens",
        "content_filter" => "content_filter",
        _ => "",
    };

    /// <summary>Writes <c>error</c>; null unless the task failed.</summary>
    public static void WriteError(ref FrameJson json, ResponsesEnd? end)
    {
        if (end?._error is not { } error)
        {
            json.Null("error"u8);
            return;
        }

        json.BeginObject("error"u8);
        json.Token("code"u8, "server_error"u8);
        json.Text("message"u8, error.Content.Span);
        json.Text("x_code"u8, end._errorCode);
        json.EndObject();
    }

    /// <summary>Writes <c>incomplete_details</c>; null unless something cut the answer of a task that completed.</summary>
    public static void WriteIncompleteDetails(ref FrameJson json, ResponsesEnd? end)
    {
        if (end is null || end._reason.Length == 0)
        {
            json.Null("incomplete_details"u8);
            return;
        }

        json.BeginObject("incomplete_details"u8);
        json.Text("reason"u8, end._reason);
        json.EndObject();
    }

    /// <summary>Writes <c>usage</c>; null before the end.</summary>
    public static void WriteUsage(ref FrameJson json, ResponsesEnd? end)
    {
        if (end is null)
        {
            json.Null("usage"u8);
            return;
        }

        end._usage.Write(ref json);
    }
}
