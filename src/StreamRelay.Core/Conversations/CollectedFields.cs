using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Conversations;

/// <summary>Fields of a model's server, collected from the pieces of a message: of a list the elements, of another field the last value.</summary>
public sealed class CollectedFields
{
    private readonly Dictionary<string, List<JsonElement>> _pieces = [];

    /// <summary>Adds the fields of a piece.</summary>
    public void Add(IReadOnlyDictionary<string, JsonElement> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        foreach (var (name, value) in fields)
        {
            if (value.ValueKind == JsonValueKind.Array && _pieces.TryGetValue(name, out var known) && known[^1].ValueKind == JsonValueKind.Array)
                known.Add(value);
            else
                _pieces[name] = [value];
        }
    }

    /// <summary>The fields so far.</summary>
    public IReadOnlyDictionary<string, JsonElement> Join() =>
        _pieces.ToDictionary(static field => field.Key, static field => field.Value is [var only] ? only : Join(field.Value));

    /// <summary>The fields so far; afterwards there are none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Take()
    {
        var fields = Join();
        _pieces.Clear();
        return fields;
    }

    private static JsonElement Join(List<JsonElement> lists) => JsonElement.Parse(JsonObject.Create(lists, static (json, lists) =>
    {
        json.WriteStartArray("list"u8);
        foreach (var item in lists.SelectMany(static list => list.EnumerateArray()))
            item.WriteTo(json);

        json.WriteEndArray();
    }).Span).GetProperty("list"u8);
}
