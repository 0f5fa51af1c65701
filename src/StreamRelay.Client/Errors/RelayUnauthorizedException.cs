namespace StreamRelay.Client.Errors;

/// <summary>401 or 403: the key is missing, wrong or revoked, or it may not do this.</summary>
/// <param name="message">The server's message.</param>
public sealed class RelayUnauthorizedException(string message) : RelayException(message);
