using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Operations;

/// <summary>The result of an external operation that a task waits for.</summary>
/// <param name="Success">Whether it succeeded.</param>
/// <param name="Result">Its result: any JSON.</param>
/// <param name="Error">Why it failed: a text that is safe to show.</param>
/// <param name="TaskId">The task, where none was started for the id of the operation.</param>
public sealed record Completion(bool Success, JsonElement? Result, string? Error, string? TaskId)
{
    /// <summary>The result as text: a string as it is, anything else as JSON.</summary>
    internal string ResultText => Result is not { } result ? "" : result.ValueKind == JsonValueKind.String ? result.GetString()! : result.GetRawText();

    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    internal static Completion Read(JsonElement json)
    {
        if (json.Optional("success") is null)
            throw RequestException.Invalid("'success' is required: true or false.", "success", "missing_field");

        var result = json.Optional("result");
        if (result is { ValueKind: JsonValueKind.String } text)
            JsonFields.Text(text, "result");

        return new(json.Flag("success"), result, json.OptionalText("error"), json.OptionalText("task_id"));
    }
}
