using System.Text;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Folds;

/// <summary>Fields of a model's server, joined from the pieces of an answer: of a list the elements, of another field the last value.</summary>
internal sealed class ExtraFields
{
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _lists = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _lists.Count + _values.Count == 0;

    /// <summary>Adds the members of an object; none of an empty one.</summary>
    public void Add(ReadOnlyMemory<byte> extra)
    {
        foreach (var (name, value) in JsonSlices.Members(extra))
            Add(name, value);
    }

    /// <summary>Adds a field.</summary>
    public void Add(string name, ReadOnlyMemory<byte> value)
    {
        if (value.Span[0] != (byte)'[')
            _values[name] = value;
        else if (_lists.TryGetValue(name, out var list))
            list.AddRange(JsonSlices.Items(value));
        else
            _lists[name] = [.. JsonSlices.Items(value)];
    }

    /// <summary>Writes them as members.</summary>
    public void Write(ref FrameJson json)
    {
        foreach (var (name, items) in _lists)
            JsonSlices.WriteList(ref json, Encoding.UTF8.GetBytes(name), items);
        foreach (var (name, value) in _values)
            json.Value(Encoding.UTF8.GetBytes(name), value.Span);
    }

    /// <summary>Writes them as an object that is a member, if there are any, and forgets them.</summary>
    public void MoveTo(ref FrameJson json, ReadOnlySpan<byte> name)
    {
        if (IsEmpty)
            return;

        json.BeginObject(name);
        Write(ref json);
        json.EndObject();
        _lists.Clear();
        _values.Clear();
    }

    /// <summary>All of them as a JSON object; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ToJson() => IsEmpty ? default : JsonLine.Encode((ref FrameJson json) =>
    {
        json.BeginObject();
        Write(ref json);
        json.EndObject();
    });
}
