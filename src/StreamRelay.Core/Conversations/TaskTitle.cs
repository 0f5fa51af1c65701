using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Conversations;

/// <summary>Derives the title of a task from its input.</summary>
public static class TaskTitle
{
    /// <summary>The most characters (UTF-16) that a title has.</summary>
    public const int MaxLength = 80;

    private const string Ellipsis = "…";

    /// <summary>The first line of the last user message. A longer line is cut after a word and ends with an ellipsis.</summary>
    /// <returns><see langword="null"/> when the input has no user message with text, or is not JSON.</returns>
    public static string? From(TaskInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return input.Content.IsEmpty || input.LastUserText() is not { } text ? null : Shorten(FirstLine(text));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not valid Unicode: the agent decides whether it can use such an input.
            return null;
        }
    }

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny("\r\n\u2028\u2029");
        return end < 0 ? text : text[..end].TrimEnd();
    }

    private static string Shorten(string line)
    {
        if (line.Length <= MaxLength)
            return line;

        var length = MaxLength - Ellipsis.Length;
        var space = line.LastIndexOf(' ', length);

        // A line without a space near its end is cut between characters, never inside a surrogate pair.
        if (space < MaxLength / 2)
            space = char.IsHighSurrogate(line[length - 1]) ? length - 1 : length;

        return line[..space].TrimEnd() + Ellipsis;
    }
}
