using System.Text.Json;

namespace StreamRelay.Protocols.Json;

/// <summary>Parts of JSON that was validated before, without a copy.</summary>
internal static class JsonSlices
{
    /// <summary>The elements of a list; none of any other value.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> list)
    {
        if (list.IsEmpty || list.Span[0] != (byte)'[')
            return [];

        List<ReadOnlyMemory<byte>> items = [];
        var reader = new Utf8JsonReader(list.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(list[start..(int)reader.BytesConsumed]);
        }

        return items;
    }

    /// <summary>The members of an object; none of any other value.</summary>
    public static IReadOnlyList<(string Name, ReadOnlyMemory<byte> Value)> Members(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{')
            return [];

        List<(string, ReadOnlyMemory<byte>)> members = [];
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add((name, json[start..(int)reader.BytesConsumed]));
        }

        return members;
    }

    /// <summary>The member of an object with this name; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> Member(ReadOnlyMemory<byte> json, string name) => Members(json).LastOrDefault(member => member.Name == name).Value;

    /// <summary>Writes the members of an object as members of the open one.</summary>
    public static void WriteMembers(ref FrameJson json, ReadOnlyMemory<byte> members)
    {
        foreach (var (name, value) in Members(members))
            json.Value(System.Text.Encoding.UTF8.GetBytes(name), value.Span);
    }

    /// <summary>Writes a list.</summary>
    public static void WriteList(ref FrameJson json, ReadOnlySpan<byte> name, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        json.BeginArray(name);
        foreach (var item in items)
            json.Value(item.Span);

        json.EndArray();
    }
}
