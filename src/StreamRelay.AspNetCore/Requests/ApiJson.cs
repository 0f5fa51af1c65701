using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>JSON of the answers that this project gives.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiErrorBody))]
[JsonSerializable(typeof(Endpoints.OpenAiChat.ModelList))]
[JsonSerializable(typeof(Endpoints.OpenAiChat.Model))]
[JsonSerializable(typeof(Endpoints.OpenAiResponses.DeletedResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static ApiJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
