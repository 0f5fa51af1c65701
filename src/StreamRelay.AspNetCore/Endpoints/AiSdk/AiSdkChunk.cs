namespace StreamRelay.AspNetCore.Endpoints.AiSdk;

/// <summary>The data of one frame of a stream, as the API document describes it (AI SDK, UI message stream protocol). It has the fields of its type besides. After the last one comes <c>[DONE]</c>.</summary>
/// <param name="Type">Such as <c>text-delta</c>.</param>
public sealed record AiSdkChunk(string Type);
