namespace StreamRelay.Agents.Tutorial;

/// <summary>The plan of a tutorial.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Chapters">Its chapters; at least one.</param>
public sealed record TutorialOutline(string Title, IReadOnlyList<TutorialChapter> Chapters);
