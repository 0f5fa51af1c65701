using System.Text.Json;

namespace StreamRelay.Docs.Blocks;

/// <summary>Looks for a JSON sample in output. The text <c>…</c> stands for any value, and properties that the sample leaves out may be there.</summary>
internal static class JsonSample
{
    private const string Anything = "…";

    public static BlockResult Compare(JsonElement sample, string output)
    {
        var found = output.Split('\n').Any(line => Parse(line) is { } json && Matches(sample, json));
        return new(found ? 0 : 1, $"{(found ? "" : "The block before this one prints no such JSON. ")}It prints:\n{output}");
    }

    private static JsonElement? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : line);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Matches(JsonElement sample, JsonElement actual) => sample.ValueKind switch
    {
        JsonValueKind.String when sample.GetString() == Anything => true,
        JsonValueKind.Object => actual.ValueKind == JsonValueKind.Object
            && sample.EnumerateObject().All(property => actual.TryGetProperty(property.Name, out var value) && Matches(property.Value, value)),
        JsonValueKind.Array => actual.ValueKind == JsonValueKind.Array && sample.GetArrayLength() == actual.GetArrayLength()
            && sample.EnumerateArray().Zip(actual.EnumerateArray()).All(pair => Matches(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(sample, actual),
    };
}
