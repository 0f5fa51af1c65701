using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster.Operations;

/// <summary>The content of a completion message: <c>{"operation_id","task_id","success","result","error"}</c>, with the operation or the task or both.</summary>
/// <param name="OperationId">The operation, or <see langword="null"/>.</param>
/// <param name="Completion">The result of the operation.</param>
internal sealed record CompletionNotice(string? OperationId, Completion Completion)
{
    /// <summary>Reads the field <c>data</c> of a message.</summary>
    /// <exception cref="RequestException">The data is not a completion message; the exception's message gives the reason.</exception>
    public static CompletionNotice Read(ReadOnlyMemory<byte>? data)
    {
        if (data is null)
            throw Invalid("The message has no field 'data'.");

        var json = Parse(data.Value);
        var notice = new CompletionNotice(json.OptionalText("operation_id"), Completion.Read(json));
        return notice.OperationId is not null || TaskId.TryParse(notice.Completion.TaskId, out _)
            ? notice
            : throw Invalid(notice.Completion.TaskId is { } id ? $"'{id}' is not the id of a task, and no 'operation_id' is given." : "'operation_id' or 'task_id' is required.");
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> data)
    {
        if (!Utf8.IsValid(data.Span))
            throw Invalid("'data' is not valid UTF-8.");

        try
        {
            using var json = JsonDocument.Parse(data, JsonDepth.Document);
            if (InvalidUnicode.Find(data.Span) is { } field)
                throw InvalidUnicode.In(field);

            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw Invalid("'data' must be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw Invalid($"'data' is not valid JSON: {exception.Message}");
        }
    }

    private static RequestException Invalid(string message) => RequestException.Invalid(message);
}
