using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>The answer to the deletion of a response.</summary>
/// <param name="Id">Its id.</param>
public sealed record ResponsesDeletion(string Id)
{
    /// <summary>Always <c>response.deleted</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "response.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted { get; } = true;
}
