namespace StreamRelay.AspNetCore.Endpoints.Tickets;

/// <summary>A ticket.</summary>
/// <param name="Ticket">The value of the query parameter <c>ticket</c>.</param>
/// <param name="ExpiresIn">The number of seconds for which it is valid, for any number of requests.</param>
public sealed record TicketView(string Ticket, int ExpiresIn);
