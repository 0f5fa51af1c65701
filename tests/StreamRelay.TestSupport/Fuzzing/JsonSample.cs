using System.Text;
using System.Text.Json;

namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>A JSON text that is valid, and where its names and values are.</summary>
public sealed class JsonSample
{
    /// <summary>Finds the names and the values.</summary>
    public JsonSample(string json)
    {
        Bytes = Encoding.UTF8.GetBytes(json);
        List<Range> names = [];
        List<Range> values = [];
        var reader = new Utf8JsonReader(Bytes);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.PropertyName)
                names.Add(start..(start + reader.ValueSpan.Length + 2));
            else if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
                values.Add(start..End(reader));
        }

        (Names, Values) = (names, values);
    }

    /// <summary>The text.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where the names of fields are, with their quotes.</summary>
    public IReadOnlyList<Range> Names { get; }

    /// <summary>Where the values are, the outermost one included.</summary>
    public IReadOnlyList<Range> Values { get; }

    private static int End(Utf8JsonReader reader)
    {
        reader.Skip();
        return (int)reader.BytesConsumed;
    }
}
