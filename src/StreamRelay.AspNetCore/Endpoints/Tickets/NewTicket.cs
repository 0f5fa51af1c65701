namespace StreamRelay.AspNetCore.Endpoints.Tickets;

/// <summary>The body of <c>POST /v1/tickets</c>.</summary>
/// <param name="Tasks">The tasks to read, 1 to 32.</param>
public sealed record NewTicket(IReadOnlyList<string> Tasks);
