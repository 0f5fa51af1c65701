using System.Text.Json;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Reads the outline from a model's answer. The JSON may be fenced or surrounded by other text.</summary>
internal static class OutlineParser
{
    private const int MaxChapters = 50;
    private const int MaxSections = 20;

    /// <summary>Reads the outline, limited to 50 chapters with 20 sections each.</summary>
    /// <param name="text">The model's answer.</param>
    /// <param name="fault">The error, as text that is sent back to the model; empty on success.</param>
    /// <returns>The outline, or <see langword="null"/> when the answer has none.</returns>
    public static TutorialOutline? Parse(string text, out string fault)
    {
        var start = text.IndexOf('{');
        var end = text.LastIndexOf('}');
        fault = "it holds no JSON object";
        if (start < 0 || end < start)
            return null;

        try
        {
            return Check(JsonSerializer.Deserialize(text[start..(end + 1)], TutorialJson.Default.TutorialOutline), out fault);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            fault = "it is not valid JSON of the form asked for";
            return null;
        }
    }

    private static TutorialOutline? Check(TutorialOutline? outline, out string fault)
    {
        var chapters = (outline?.Chapters ?? []).Where(chapter => !string.IsNullOrWhiteSpace(chapter?.Title)).Take(MaxChapters)
            .Select(chapter => new TutorialChapter(OneLine(chapter.Title), [.. (chapter.Sections ?? []).Where(section => !string.IsNullOrWhiteSpace(section)).Take(MaxSections).Select(OneLine)]))
            .ToArray();
        fault = string.IsNullOrWhiteSpace(outline?.Title) ? "the title is missing" : chapters.Length == 0 ? "there are no chapters" : "";
        return fault.Length == 0 ? new(OneLine(outline!.Title), chapters) : null;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
