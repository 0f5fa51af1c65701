using System.Text.Json.Serialization;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>How the list of a task's files is written into its row.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<StoredFile>))]
internal sealed partial class PostgresJson : JsonSerializerContext;
