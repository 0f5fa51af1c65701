using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Models;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(Model))]
internal sealed partial class ModelJson : JsonSerializerContext;
