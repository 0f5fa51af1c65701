using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Access;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NewTicket))]
[JsonSerializable(typeof(TicketView))]
internal sealed partial class TicketJson : JsonSerializerContext;
