using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyList))]
internal sealed partial class KeyJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static KeyJson Readable { get; } = new(new(ReadableJson.CreateOptions()) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
}
