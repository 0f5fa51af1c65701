using System.Text.Json.Serialization;

namespace StreamRelay.Storage.Postgres;

/// <summary>How the list of a task's files is written into its row.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<StoredFile>))]
internal sealed partial class PostgresJson : JsonSerializerContext;
