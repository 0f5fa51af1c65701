namespace StreamRelay.Agents;

/// <summary>Why an agent cannot use an input.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">What is wrong, as the rest of a sentence that begins with the name of the input's field.</param>
public sealed record InputFault(string Code, string Message);
