using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The error object of the API.</summary>
/// <param name="Type">The kind of error, such as <c>invalid_request_error</c>.</param>
/// <param name="Message">What is wrong, and how to correct it.</param>
/// <param name="Param">An extension: the field that is wrong; absent when it is none.</param>
/// <param name="Code">An extension: a stable code; absent when there is none.</param>
public sealed record AnthropicError(
    string Type,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code);
