using System.Text.Json.Serialization;

namespace StreamRelay.Protocols.Requests;

/// <summary>The error object of every route, in the shape of the OpenAI API.</summary>
/// <param name="Message">What is wrong, and how to correct it.</param>
/// <param name="Type"><c>invalid_request_error</c>, <c>rate_limit_error</c> or <c>server_error</c>.</param>
/// <param name="Param">The field that is wrong, or <see langword="null"/>.</param>
/// <param name="Code">A stable code, or <see langword="null"/>.</param>
public sealed record ApiError(string Message, string Type, string? Param, string? Code)
{
    /// <summary>The offset of the last event, when the request asks for events after a later one.</summary>
    [JsonPropertyName("last_sequence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LastSequence { get; init; }
}
