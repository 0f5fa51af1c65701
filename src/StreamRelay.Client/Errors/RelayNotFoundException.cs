namespace StreamRelay.Client.Errors;

/// <summary>404: there is no such task, agent or file, it was deleted, or it belongs to another owner.</summary>
/// <param name="message">The server's message.</param>
public sealed class RelayNotFoundException(string message) : RelayException(message);
