using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>The options of a task's input, which have the names and the shapes of Chat Completions. An option that is null counts as missing.</summary>
internal sealed class RequestOptions
{
    private static readonly string[] OwnFields = ["model", "stream", "stream_options", "messages", "n", NeutralOptions.Instructions, NeutralOptions.Untranslated];

    private readonly Dictionary<string, JsonElement> _options;

    private RequestOptions(JsonElement json)
    {
        Instructions = json.TryGetProperty(NeutralOptions.Instructions, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        Dropped = [.. NeutralOptions.UntranslatedFields(json)];
        _options = json.EnumerateObject().Where(static option => option.Value.ValueKind != JsonValueKind.Null && !OwnFields.Contains(option.Name))
            .DistinctBy(static option => option.Name).ToDictionary(static option => option.Name, static option => option.Value);
    }

    /// <summary>Instructions that precede the conversation, or <see langword="null"/>.</summary>
    public string? Instructions { get; }

    /// <summary>The fields of the client's request that are left out.</summary>
    public List<string> Dropped { get; }

    /// <summary>The options that were not taken.</summary>
    public IReadOnlyDictionary<string, JsonElement> Rest => _options;

    /// <summary>Reads the options of an input.</summary>
    public static RequestOptions Read(TaskInput input) => new(JsonElement.Parse(input.Options.IsEmpty ? "{}"u8 : input.Options.Span));

    /// <summary>Removes an option and returns it; <see langword="null"/> when it is missing.</summary>
    public JsonElement? Take(string name) => _options.Remove(name, out var value) ? value : null;

    /// <summary>Removes options that stand for the same and returns the first; <see langword="null"/> when all are missing.</summary>
    public JsonElement? TakeFirst(params ReadOnlySpan<string> names)
    {
        JsonElement? first = null;
        foreach (var name in names)
        {
            var value = Take(name);
            first ??= value;
        }

        return first;
    }

    /// <summary>The same as <see cref="Take"/> for a text; a value of another kind stays.</summary>
    public string? TakeText(string name) => _options.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? Take(name)?.GetString() : null;

    /// <summary>Removes the options that the server's API has no form for, and names those that ask for something.</summary>
    /// <param name="names">Their names.</param>
    public void Drop(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Take(name) is { } value && !IsDefault(value))
                Dropped.Add(name);
        }
    }

    private static bool IsDefault(JsonElement value) =>
        value.IsEmpty() || (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == 0);
}
