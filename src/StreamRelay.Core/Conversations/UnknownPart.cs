using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>A part of a type that no protocol has. It is kept as it came.</summary>
/// <param name="Json">The part.</param>
/// <param name="Field">The field of the request that it came in, for errors.</param>
public sealed record UnknownPart(JsonElement Json, string Field) : ConversationPart;
