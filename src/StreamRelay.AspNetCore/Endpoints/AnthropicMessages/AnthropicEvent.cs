namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The data of one frame of a stream, as the API document describes it (Anthropic API, streaming messages). It has the fields of its type besides.</summary>
/// <param name="Type"><c>message_start</c>, <c>content_block_start</c>, <c>content_block_delta</c>, <c>content_block_stop</c>, <c>message_delta</c>, <c>message_stop</c>, <c>ping</c> or <c>error</c>.</param>
public sealed record AnthropicEvent(string Type);
