using System.Text.Json;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Finds the outline in what a model answered: plain JSON, fenced, or with talk around it.</summary>
internal static class OutlineParser
{
    private const int MostChapters = 50;
    private const int MostSections = 20;

    /// <summary>The outline, cut to a sane size.</summary>
    /// <param name="text">The model's answer.</param>
    /// <param name="fault">What is wrong with it, in words a model understands; empty on success.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
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
        var chapters = (outline?.Chapters ?? []).Where(chapter => !string.IsNullOrWhiteSpace(chapter?.Title)).Take(MostChapters)
            .Select(chapter => new TutorialChapter(OneLine(chapter.Title), [.. (chapter.Sections ?? []).Where(section => !string.IsNullOrWhiteSpace(section)).Take(MostSections).Select(OneLine)]))
            .ToArray();
        fault = string.IsNullOrWhiteSpace(outline?.Title) ? "the title is missing" : chapters.Length == 0 ? "there are no chapters" : "";
        return fault.Length == 0 ? new(OneLine(outline!.Title), chapters) : null;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
