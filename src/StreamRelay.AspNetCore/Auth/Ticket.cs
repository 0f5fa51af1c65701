using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>What is signed in a ticket or a stream's cookie: read only, for these tasks, until then (Unix seconds).</summary>
internal sealed record Ticket(string Owner, IReadOnlyList<string> Tasks, long Expires);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Ticket))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TicketView))]
internal sealed partial class TicketJson : JsonSerializerContext;
