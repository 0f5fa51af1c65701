namespace StreamRelay.Docs.Pages;

/// <summary>One fenced code block of a page.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of its first fence, counted from 1.</param>
/// <param name="Language">The word behind the fence; empty when there is none.</param>
/// <param name="Text">Its lines.</param>
/// <param name="Markers">What the comments directly above it state.</param>
internal sealed record DocBlock(string Page, int Line, string Language, string Text, IReadOnlyList<DocMarker> Markers)
{
    public string Location => $"{Page}:{Line}";

    /// <summary>A name for files that are made from this block.</summary>
    public string FileName => $"{Path.ChangeExtension(Page, null).Replace('/', '_').Replace('-', '_')}_{Line}";

    public string? Marker(string name) => Markers.FirstOrDefault(marker => marker.Name == name)?.Value;
}
