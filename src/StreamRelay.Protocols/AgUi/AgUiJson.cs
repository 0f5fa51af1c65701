using System.Text.Json.Serialization;

namespace StreamRelay.Protocols.AgUi;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AgUiJson : JsonSerializerContext;
