using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnthropicErrorBody))]
[JsonSerializable(typeof(AnthropicTokenCount))]
internal sealed partial class AnthropicBodyJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static AnthropicBodyJson Readable { get; } = new(ReadableJson.CreateOptions());
}
