using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>What belongs to the text of an answer, joined from the pieces of its stream.</summary>
internal sealed class OpenAiChatExtras
{
    /// <summary>The members of a message and of a tool call that the API has; a field of a server does not replace them.</summary>
    private static readonly string[] Reserved =
    [
        "role", "content", "refusal", "annotations", "reasoning_content", "audio", "tool_calls", "function_call", "id", "index", "type", "function", "custom",
    ];

    private readonly List<ReadOnlyMemory<byte>> _annotations = [];
    private readonly List<ReadOnlyMemory<byte>> _logprobs = [];
    private readonly List<ReadOnlyMemory<byte>> _refusalLogprobs = [];
    private readonly ExtraFields _others = new();

    /// <summary>Writes fields of the model's server as members of a message or of a tool call.</summary>
    public static void Write(ref FrameJson json, ReadOnlyMemory<byte> extra)
    {
        foreach (var (name, value) in Others(extra))
            json.Value(Encoding.UTF8.GetBytes(name), value.Span);
    }

    public void Add(in TextMetadata metadata)
    {
        _annotations.AddRange(JsonSlices.Items(metadata.Annotations));
        _logprobs.AddRange(JsonSlices.Items(JsonSlices.Member(metadata.Logprobs, "content")));
        _refusalLogprobs.AddRange(JsonSlices.Items(JsonSlices.Member(metadata.Logprobs, "refusal")));
        foreach (var (name, value) in Others(metadata.Extra))
            _others.Add(name, value);
    }

    /// <summary>Writes the members of the message.</summary>
    public void WriteMembers(ref FrameJson json)
    {
        JsonSlices.WriteList(ref json, "annotations"u8, _annotations);
        _others.Write(ref json);
    }

    /// <summary>Writes <c>logprobs</c>; null when the server gave none.</summary>
    public void WriteLogprobs(ref FrameJson json)
    {
        if (_logprobs.Count + _refusalLogprobs.Count == 0)
        {
            json.Null("logprobs"u8);
            return;
        }

        json.BeginObject("logprobs"u8);
        WriteTokens(ref json, "content"u8, _logprobs);
        WriteTokens(ref json, "refusal"u8, _refusalLogprobs);
        json.EndObject();
    }

    private static IEnumerable<(string Name, ReadOnlyMemory<byte> Value)> Others(ReadOnlyMemory<byte> extra) =>
        extra.IsEmpty ? [] : JsonSlices.Members(extra).Where(member => !Reserved.Contains(member.Name));

    private static void WriteTokens(ref FrameJson json, ReadOnlySpan<byte> name, List<ReadOnlyMemory<byte>> tokens)
    {
        if (tokens.Count == 0)
            json.Null(name);
        else
            JsonSlices.WriteList(ref json, name, tokens);
    }
}
