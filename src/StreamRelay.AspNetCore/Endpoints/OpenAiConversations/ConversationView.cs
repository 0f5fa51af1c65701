using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary>A conversation as clients see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">Unix time in seconds.</param>
/// <param name="Metadata">The client's own metadata.</param>
public sealed record ConversationView(string Id, long CreatedAt, JsonElement Metadata)
{
    /// <summary>Always <c>conversation</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "conversation";
}
