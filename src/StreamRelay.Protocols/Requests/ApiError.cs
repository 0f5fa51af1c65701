using System.Text.Json.Serialization;

namespace StreamRelay.Protocols.Requests;

/// <summary>The error object of every route, in the shape the OpenAI API has.</summary>
/// <param name="Message">What is wrong, and the way out.</param>
/// <param name="Type"><c>invalid_request_error</c>, <c>rate_limit_error</c> or <c>server_error</c>.</param>
/// <param name="Param">The field at fault, or <see langword="null"/>.</param>
/// <param name="Code">A stable code, or <see langword="null"/>.</param>
public sealed record ApiError(string Message, string Type, string? Param, string? Code)
{
    /// <summary>How far the log reaches, when the position asked for lies beyond it.</summary>
    [JsonPropertyName("last_sequence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LastSequence { get; init; }
}
