namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The body of every answer that is not a success.</summary>
/// <param name="Type">Always <c>error</c>.</param>
/// <param name="Error">What is wrong.</param>
/// <param name="RequestId">The id under which the request is found in the log.</param>
public sealed record AnthropicErrorBody(string Type, AnthropicError Error, string RequestId);
