using System.Text.Json.Serialization;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>The JSON of errors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static ErrorJson Readable { get; } = new(ReadableJson.CreateOptions());
}
