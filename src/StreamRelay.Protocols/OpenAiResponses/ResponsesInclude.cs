using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>What a client asks to be included in items beside what they always have. Images of the input are always in its items, and encrypted reasoning is in an item
/// where the server of the model gives it: only the log probabilities have to be asked for.</summary>
public static class ResponsesInclude
{
    /// <summary>The log probabilities of the tokens of the text.</summary>
    public const string Logprobs = "message.output_text.logprobs";

    private static readonly string[] Known = [Logprobs, "message.input_image.image_url", "reasoning.encrypted_content"];

    /// <summary>Reads the list of a request.</summary>
    /// <exception cref="RequestException">400, naming the value that cannot be included.</exception>
    public static IReadOnlyList<string> Read(JsonElement values) => values.ValueKind == JsonValueKind.Array
        ? Check([.. values.EnumerateArray().Select(static (value, index) => value.ValueKind == JsonValueKind.String ? value.GetString() : throw JsonFields.Wrong($"include[{index}]", "a string"))])
        : throw JsonFields.Wrong("include", "a list");

    /// <summary>Checks the values of a query.</summary>
    /// <exception cref="RequestException">400, naming the value that cannot be included.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        for (var index = 0; index < values.Count; index++)
        {
            if (!Known.Contains(values[index]))
                throw RequestException.Invalid($"'{values[index]}' cannot be included. What can be: {string.Join(", ", Known)}.", $"include[{index}]", "unsupported_value");
        }

        return [.. values.OfType<string>()];
    }
}
