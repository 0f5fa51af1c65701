namespace StreamRelay.AspNetCore.Auth;

/// <summary>The body of <c>POST /v1/tickets</c>.</summary>
/// <param name="Tasks">The tasks to be read with the ticket: 1 to 32 of the caller's.</param>
public sealed record TicketRequest(IReadOnlyList<string> Tasks);
