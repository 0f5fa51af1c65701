using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary>The answer to the deletion of a conversation.</summary>
/// <param name="Id">Its id.</param>
public sealed record ConversationDeletion(string Id)
{
    /// <summary>Always <c>conversation.deleted</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "conversation.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted { get; } = true;
}
