using System.Buffers;
using System.Text.Json;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>One tool call of an answer.</summary>
internal sealed class ChatToolCall(int index, string id, string name)
{
    public int Index => index;

    public string Id => id;

    public string Name => name;

    /// <summary>The arguments as they were said so far: JSON text.</summary>
    public ArrayBufferWriter<byte> Arguments { get; } = new();

    /// <summary>Adds what an event says of the arguments, and returns what it added: a piece, or the whole input when no piece came before it.</summary>
    public ReadOnlyMemory<byte> Add(StreamEvent action)
    {
        var start = Arguments.WrittenCount;
        if (action.Kind == StreamEventKind.ActionDelta)
            Arguments.Write(action.Content.Span);
        else if (action.Kind == StreamEventKind.Action && start == 0)
            AddInput(action.Metadata.Span);

        return Arguments.WrittenMemory[start..];
    }

    private void AddInput(ReadOnlySpan<byte> metadata)
    {
        var json = new Utf8JsonReader(metadata);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isInput = json.ValueTextEquals("input"u8);
            json.Read();
            if (isInput)
                Arguments.WriteValue(ref json);
            else
                json.Skip();
        }
    }
}
