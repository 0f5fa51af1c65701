namespace StreamRelay.AspNetCore.Auth;

/// <summary>A ticket, to be put into a URL as <c>?ticket=</c>.</summary>
/// <param name="Value">The ticket.</param>
/// <param name="ExpiresIn">Seconds until its first use must have happened.</param>
public sealed record TicketView([property: System.Text.Json.Serialization.JsonPropertyName("ticket")] string Value, int ExpiresIn);
