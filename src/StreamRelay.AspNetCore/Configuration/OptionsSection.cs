namespace StreamRelay.AspNetCore.Configuration;

/// <summary>A configuration section and the options it is bound to. A section of <c>StreamRelay</c> that has no such record stops the start, and so does a key that the options lack.</summary>
/// <param name="Path">The section's full path, such as <c>StreamRelay:Streams</c>.</param>
/// <param name="Options">The options class; <see langword="null"/> when a validator of the section checks its keys.</param>
public sealed record OptionsSection(string Path, Type? Options);
