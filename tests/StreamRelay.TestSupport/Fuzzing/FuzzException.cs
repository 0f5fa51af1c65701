namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>A parser failed on an input. The message holds the input, so that it can be kept as a sample.</summary>
public sealed class FuzzException(string message, Exception? cause = null) : Exception(message, cause);
