namespace StreamRelay.Agents.Tutorial;

/// <summary>The plan of a chapter.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Sections">The titles of its sections; may be empty.</param>
public sealed record TutorialChapter(string Title, IReadOnlyList<string> Sections);
