using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StreamRelay.Client.Tasks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RelayTask))]
[JsonSerializable(typeof(RelayPage<RelayTask>))]
[JsonSerializable(typeof(RelayPage<RelayFile>))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class ClientJson : JsonSerializerContext;
