namespace StreamRelay.Agents;

/// <summary>Why the options of a request are not those of their agent.</summary>
/// <param name="Field">The path of the field in the options, such as <c>pages</c>; empty for the options as a whole.</param>
/// <param name="Message">What is wrong, as the rest of a sentence that begins with the name of the field.</param>
public sealed record OptionsFault(string Field, string Message);
