using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The parts of a chunk that never change within a task, encoded once.</summary>
internal sealed class OpenAiChatChunk
{
    /// <summary>Before there is a start event.</summary>
    public static OpenAiChatChunk None { get; } = new([], false);

    private OpenAiChatChunk(byte[] head, bool includeUsage)
    {
        var usage = includeUsage ? "}],\"usage\":null"u8 : "}]"u8;
        IncludesUsage = includeUsage;
        Head = head;
        DeltaHead = [.. head, .. "{\"index\":0,\"delta\":{"u8];
        DeltaEnd = [.. "},\"logprobs\":null,\"finish_reason\":null"u8, .. usage];
        FinishHead = [.. DeltaHead, .. "},\"logprobs\":null"u8];
        ChoicesEnd = usage.ToArray();
    }

    /// <summary>Whether a last chunk reports the usage.</summary>
    public bool IncludesUsage { get; }

    /// <summary>From the beginning of a chunk to its list of choices.</summary>
    public byte[] Head { get; }

    /// <summary>From the beginning of a chunk into the delta of its choice.</summary>
    public byte[] DeltaHead { get; }

    /// <summary>From the end of the delta to the end of the choices, without a finish reason.</summary>
    public byte[] DeltaEnd { get; }

    /// <summary>From the beginning of a chunk with an empty delta to its finish reason.</summary>
    public byte[] FinishHead { get; }

    /// <summary>From the end of a finish reason to the end of the choices.</summary>
    public byte[] ChoicesEnd { get; }

    public static OpenAiChatChunk Create(TaskRequest request, OpenAiChatStart start) => new(
        JsonLine.Encode((ref FrameJson json) =>
        {
            json.BeginObject();
            OpenAiChatJson.WriteHead(ref json, request, "chat.completion.chunk"u8, start);
            json.BeginArray("choices"u8);
        }),
        start.IncludeUsage);
}
