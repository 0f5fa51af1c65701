using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LimitsView))]
internal sealed partial class LimitsJson : JsonSerializerContext;
