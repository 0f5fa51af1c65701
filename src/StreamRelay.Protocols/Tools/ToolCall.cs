using System.Buffers;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Tools;

/// <summary>One tool call of a task.</summary>
internal sealed class ToolCall(int index, string id, string name, bool isCallers)
{
    /// <summary>Its place among the calls that are kept.</summary>
    public int Index => index;

    public string Id => id;

    public string Name => name;

    /// <summary>Whether the client has to run it; else the agent does.</summary>
    public bool IsCallers => isCallers;

    /// <summary>The arguments as they were said so far: JSON text.</summary>
    public ArrayBufferWriter<byte> Arguments { get; } = new();

    /// <summary>Whether the arguments are complete.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Adds what an event says of the arguments, and returns what it added: a piece, or the whole input when no piece came before it.</summary>
    public ReadOnlyMemory<byte> Add(StreamEvent action)
    {
        if (IsComplete)
            return default;

        var start = Arguments.WrittenCount;
        if (action.Kind == StreamEventKind.ActionDelta)
            Arguments.Write(action.Content.Span);
        else if (action.Kind == StreamEventKind.Action && start == 0)
            Arguments.WriteField(action, "input"u8);

        IsComplete |= action.Kind == StreamEventKind.Action;
        return Arguments.WrittenMemory[start..];
    }

    /// <summary>Takes the arguments as complete although nothing said so.</summary>
    /// <returns>Whether they were not before.</returns>
    public bool TryComplete()
    {
        var isFirst = !IsComplete;
        IsComplete = true;
        return isFirst;
    }

    /// <summary>Writes the arguments as a JSON value: as they are if they are one, none as an empty object, anything else as a string.</summary>
    public void WriteInput(ArrayBufferWriter<byte> json)
    {
        if (Arguments.WrittenCount == 0)
        {
            json.Write("{}"u8);
            return;
        }

        try
        {
            using var input = JsonDocument.Parse(Arguments.WrittenMemory);
            var reader = new Utf8JsonReader(Arguments.WrittenSpan);
            reader.Read();
            json.WriteValue(ref reader);
        }
        catch (JsonException)
        {
            json.WriteString(Arguments.WrittenSpan);
        }
    }
}
