using System.Text.Json.Serialization;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>The JSON form of the list of a task's files in its row.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<StoredFile>))]
internal sealed partial class PostgresJson : JsonSerializerContext;
