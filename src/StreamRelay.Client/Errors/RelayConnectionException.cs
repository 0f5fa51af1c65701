namespace StreamRelay.Client.Errors;

/// <summary>The server could not be reached, or brought nothing new, for as long as the client tries. The task goes on, and can be read later from the last event.</summary>
/// <param name="message">How long the client tried.</param>
/// <param name="inner">The last failure.</param>
public sealed class RelayConnectionException(string message, Exception inner) : RelayException(message, inner);
