using System.Text.Json.Serialization;

namespace StreamRelay.Storage.Records;

/// <summary>How the stored documents are written. Bytes are base64, so that they come back exactly.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(StoredRecord))]
[JsonSerializable(typeof(StoredInput))]
internal sealed partial class StorageJson : JsonSerializerContext;
