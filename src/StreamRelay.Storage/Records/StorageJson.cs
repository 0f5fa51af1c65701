using System.Text.Json.Serialization;

namespace StreamRelay.Storage.Records;

/// <summary>The JSON format of the stored documents. Byte sequences are base64, so that any bytes can be read back unchanged.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(StoredRecord))]
internal sealed partial class StorageJson : JsonSerializerContext;
