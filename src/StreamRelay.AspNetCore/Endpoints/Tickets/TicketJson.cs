using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Tickets;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NewTicket))]
[JsonSerializable(typeof(TicketView))]
internal sealed partial class TicketJson : JsonSerializerContext;
