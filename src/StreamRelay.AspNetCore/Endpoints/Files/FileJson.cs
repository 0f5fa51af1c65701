using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.Files;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FileList))]
internal sealed partial class FileJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static FileJson Readable { get; } = new(ReadableJson.CreateOptions());
}
