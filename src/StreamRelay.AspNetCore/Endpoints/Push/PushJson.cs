using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Push;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PushView))]
internal sealed partial class PushJson : JsonSerializerContext;
