using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConversationView))]
[JsonSerializable(typeof(ConversationDeletion))]
internal sealed partial class ConversationsJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static ConversationsJson Readable { get; } = new(ReadableJson.CreateOptions());
}
