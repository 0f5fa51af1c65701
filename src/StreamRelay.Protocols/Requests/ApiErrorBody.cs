namespace StreamRelay.Protocols.Requests;

/// <summary>The body of every answer that is not a success.</summary>
/// <param name="Error">What is wrong.</param>
public sealed record ApiErrorBody(ApiError Error);
