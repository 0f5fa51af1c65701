namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>The data of one frame of a stream, as the API document describes it (OpenAI API, Responses, streaming events). It has the fields of its type besides.</summary>
/// <param name="Type">Such as <c>response.output_text.delta</c>.</param>
/// <param name="SequenceNumber">Its number, from 0.</param>
public sealed record ResponsesEvent(string Type, long SequenceNumber);
