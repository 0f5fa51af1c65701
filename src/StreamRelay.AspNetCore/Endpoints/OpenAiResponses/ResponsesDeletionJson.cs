using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResponsesDeletion))]
internal sealed partial class ResponsesDeletionJson : JsonSerializerContext;
