namespace StreamRelay.AspNetCore.Configuration;

/// <summary>A configuration section and the options it is bound to. A key of the section that the options lack stops the start.</summary>
/// <param name="Path">The section's full path, such as <c>StreamRelay:Streams</c>.</param>
/// <param name="Options">The options class.</param>
public sealed record OptionsSection(string Path, Type Options);
