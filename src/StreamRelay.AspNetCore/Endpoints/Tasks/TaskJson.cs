using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(TaskList))]
[JsonSerializable(typeof(DeletedView))]
internal sealed partial class TaskJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, with text kept as UTF-8.</summary>
    public static TaskJson Readable { get; } = new(ReadableJson.CreateOptions());
}
