namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>How to stream.</summary>
/// <param name="IncludeUsage">Whether a last chunk reports the usage.</param>
public sealed record OpenAiChatStreamOptions(bool? IncludeUsage);
