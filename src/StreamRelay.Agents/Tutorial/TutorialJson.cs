using System.Text.Json.Serialization;

namespace StreamRelay.Agents.Tutorial;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowTrailingCommas = true)]
[JsonSerializable(typeof(TutorialOutline))]
internal sealed partial class TutorialJson : JsonSerializerContext;
