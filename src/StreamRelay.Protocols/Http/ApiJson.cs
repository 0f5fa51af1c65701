using System.Text.Json.Serialization;

namespace StreamRelay.Protocols.Http;

/// <summary>JSON of the answers that this project gives.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiErrorBody))]
[JsonSerializable(typeof(OpenAiChat.ModelList))]
[JsonSerializable(typeof(OpenAiChat.Model))]
[JsonSerializable(typeof(OpenAiResponses.DeletedResponse))]
internal sealed partial class ApiJson : JsonSerializerContext;
