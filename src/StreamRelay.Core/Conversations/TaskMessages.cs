using System.Text;
using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Conversations;

/// <summary>Reads the input of a task: a text, or a list of messages.</summary>
public static class TaskMessages
{
    /// <summary>The text of the last user message (its text parts joined), or the whole text when the input is one.</summary>
    /// <returns><see langword="null"/> when there is no user message with text in it.</returns>
    public static string? LastUserText(this TaskInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var document = JsonDocument.Parse(input.Content);
        return LastUserText(document.RootElement);
    }

    /// <inheritdoc cref="LastUserText(TaskInput)"/>
    public static string? LastUserText(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
            return NullIfBlank(input.GetString());
        if (input.ValueKind != JsonValueKind.Array)
            return null;

        JsonElement? last = null;
        foreach (var message in input.EnumerateArray())
        {
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role)
                && role.ValueKind == JsonValueKind.String && role.ValueEquals("user") && message.TryGetProperty("content", out var content))
            {
                last = content;
            }
        }

        return last is { } found ? NullIfBlank(Text(found)) : null;
    }

    private static string? Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString();
        if (content.ValueKind != JsonValueKind.Array)
            return null;

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var piece) && piece.ValueKind == JsonValueKind.String)
                text.Append(piece.GetString());
        }

        return text.ToString();
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
