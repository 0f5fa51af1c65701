using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>The id of the message that a task is for its clients.</summary>
internal static class AiSdkStart
{
    /// <summary>The id of the last message when it is the assistant's: its tools have run in the client, and the answer continues it.</summary>
    /// <returns><see langword="null"/> when the answer is a message of its own.</returns>
    public static string? ContinuedMessage(JsonElement messages) =>
        messages.GetArrayLength() is var count and > 0 && messages[count - 1].OptionalText("role") == "assistant"
            ? messages[count - 1].OptionalText("id") is { Length: > 0 } id ? id : null
            : null;

    /// <summary>The metadata that <see cref="MessageId"/> reads.</summary>
    public static byte[] ToProtocol(string message) => JsonLine.Encode((ref FrameJson json) =>
    {
        json.BeginObject();
        json.Text("ui_message_id"u8, message);
        json.EndObject();
    });

    /// <summary>The id of the message: the one that the answer continues, else one made from that of the task.</summary>
    public static string MessageId(StreamEvent start, TaskRequest request)
    {
        var fields = new MetadataReader(start.Metadata);
        while (fields.Read())
        {
            if (fields.Is("ui_message_id"u8))
                return fields.Text();
        }

        return $"msg_{request.Id}";
    }
}
