using System.Text.Json.Serialization;

namespace StreamRelay.Agents.Upstream;

[JsonSerializable(typeof(string))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
