using System.Text.Json.Serialization;

namespace StreamRelay.Agents.Upstream.Answers;

[JsonSerializable(typeof(string))]
internal sealed partial class AnswerJson : JsonSerializerContext;
