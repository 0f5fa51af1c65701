namespace StreamRelay.AspNetCore.Access;

/// <summary>A ticket.</summary>
/// <param name="Ticket">What to send as <c>?ticket=</c>.</param>
/// <param name="ExpiresIn">For how many seconds it can be used, as often as needed.</param>
public sealed record TicketView(string Ticket, int ExpiresIn);
