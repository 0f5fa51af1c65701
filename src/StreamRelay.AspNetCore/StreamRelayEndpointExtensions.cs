using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Endpoints.AgUi;
using StreamRelay.AspNetCore.Endpoints.AiSdk;
using StreamRelay.AspNetCore.Endpoints.AnthropicMessages;
using StreamRelay.AspNetCore.Endpoints.Files;
using StreamRelay.AspNetCore.Endpoints.Keys;
using StreamRelay.AspNetCore.Endpoints.Limits;
using StreamRelay.AspNetCore.Endpoints.Models;
using StreamRelay.AspNetCore.Endpoints.OpenAiChat;
using StreamRelay.AspNetCore.Endpoints.OpenAiConversations;
using StreamRelay.AspNetCore.Endpoints.OpenAiResponses;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.AspNetCore.Endpoints.Push;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.AspNetCore.Endpoints.Tickets;
using StreamRelay.AspNetCore.Health;
using StreamRelay.AspNetCore.Mapping;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints of StreamRelay.</summary>
public static class StreamRelayEndpointExtensions
{
    /// <summary>Maps every endpoint. Access control, request ids and error bodies apply to these endpoints and to no other of the application.
    /// Each part of them can be mapped alone as well, with <c>using StreamRelay.AspNetCore</c>.</summary>
    /// <param name="endpoints">The application, or a group of it, such as <c>app.MapGroup("/ai")</c>: the URLs in answers and events begin with the prefix of the group.
    /// The endpoints can be mapped under several prefixes.</param>
    /// <returns>The group of the endpoints; conventions such as <c>RequireAuthorization</c>, <c>RequireRateLimiting</c> and <c>RequireCors</c> apply to all of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddStreamRelay</c> was not called.</exception>
    public static RouteGroupBuilder MapStreamRelay(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapRelayGroup();
        TaskEndpoints.Map(group);
        PushEndpoints.Map(group);
        OperationEndpoints.Map(group);
        FileEndpoints.Map(group);
        TicketEndpoints.Map(group);
        OpenAiChatEndpoints.Map(group);
        OpenAiResponsesEndpoints.Map(group);
        OpenAiConversationsEndpoints.Map(group);
        AnthropicMessagesEndpoints.Map(group);
        AiSdkEndpoints.Map(group);
        AgUiEndpoints.Map(group);
        ModelEndpoints.Map(group);
        LimitEndpoints.Map(group);
        KeyEndpoints.Map(group);
        HealthEndpoints.Map(group);
        return group;
    }
}
