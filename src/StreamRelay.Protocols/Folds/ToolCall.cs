using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Folds;

/// <summary>One tool call of a task.</summary>
internal sealed class ToolCall(int index, string id, string name, bool isForCaller)
{
    /// <summary>Its index among the calls that are kept.</summary>
    public int Index => index;

    public string Id => id;

    public string Name => name;

    /// <summary>Whether the client has to run the tool; else the agent runs it.</summary>
    public bool IsForCaller => isForCaller;

    /// <summary>Whether the tool takes any text instead of JSON.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The arguments so far: JSON text, or any text for a custom tool.</summary>
    public Utf8Buffer Arguments { get; } = new();

    /// <summary>Fields of the model's server that no protocol has: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Extra { get; private set; }

    /// <summary>Whether the arguments are complete.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Adds the arguments of an event.</summary>
    /// <returns>What was added: a piece, or the whole input when no piece came before it.</returns>
    public ReadOnlyMemory<byte> Add(StreamEvent action, in ActionMetadata metadata)
    {
        if (IsComplete)
            return default;

        var start = Arguments.WrittenCount;
        if (action.Kind == StreamEventKind.ActionDelta)
            Arguments.Write(action.Content.Span);
        else if (action.Kind == StreamEventKind.Action && start == 0 && !IsCustom && !metadata.Input.IsEmpty)
            WriteLine(metadata.Input.Span);

        IsComplete |= action.Kind == StreamEventKind.Action;
        return Arguments.WrittenMemory[start..];
    }

    /// <summary>Adds fields of the model's server; of a name that was given before, the new value counts.</summary>
    /// <param name="extra">A JSON object, or empty.</param>
    public void AddExtra(ReadOnlyMemory<byte> extra)
    {
        if (Extra.IsEmpty || extra.IsEmpty)
        {
            Extra = extra.IsEmpty ? Extra : extra;
            return;
        }

        var members = JsonSlices.Members(Extra).Concat(JsonSlices.Members(extra)).GroupBy(member => member.Name).ToList();
        Extra = JsonLine.Encode((ref FrameJson json) =>
        {
            json.BeginObject();
            foreach (var member in members)
                json.Value(System.Text.Encoding.UTF8.GetBytes(member.Key), member.Last().Value.Span);

            json.EndObject();
        });
    }

    /// <summary>Marks the arguments as complete where no event did.</summary>
    /// <returns>Whether they were not before.</returns>
    public bool TryComplete()
    {
        var isFirst = !IsComplete;
        IsComplete = true;
        return isFirst;
    }

    /// <summary>Writes the arguments as a JSON value: as they are if they are one, none as an empty object, anything else as a string.</summary>
    public void WriteInput(ref FrameJson json, ReadOnlySpan<byte> name)
    {
        if (IsCustom)
            json.Text(name, Arguments.WrittenSpan);
        else if (Arguments.WrittenCount == 0)
            json.Raw(name, "{}"u8);
        else if (IsJson(Arguments.WrittenSpan))
            json.Value(name, Arguments.WrittenSpan);
        else
            json.Text(name, Arguments.WrittenSpan);
    }

    private void WriteLine(ReadOnlySpan<byte> input)
    {
        var json = new FrameJson(Arguments);
        json.Value(input);
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonDepth.Reader);
            while (reader.Read())
                continue;

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
