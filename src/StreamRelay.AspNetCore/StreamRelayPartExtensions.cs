using Microsoft.AspNetCore.Builder;
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

namespace StreamRelay.AspNetCore;

/// <summary>Maps parts of the endpoints of StreamRelay, each with the access, the errors and the limits that it has as a part of <c>MapStreamRelay</c>.
/// Under one prefix a part is mapped once: alone, or by <c>MapStreamRelay</c>.</summary>
public static class StreamRelayPartExtensions
{
    /// <summary>Maps the tasks: started, listed, read, stopped and deleted at <c>/v1/tasks</c>, and several of them read at <c>/v1/events</c>.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapTasks(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, TaskEndpoints.Map);

    /// <summary>Maps <c>POST /v1/tasks/{id}/events</c>, for agents that run elsewhere.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapPush(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, PushEndpoints.Map);

    /// <summary>Maps <c>POST /v1/operations/{operation_id}/complete</c>, for tasks that wait for an operation elsewhere.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapOperations(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, OperationEndpoints.Map);

    /// <summary>Maps the files of tasks at <c>/v1/tasks/{id}/files</c> and <c>/download</c>, to which the URLs in <c>file</c> events and in tasks lead, whichever protocol shows them.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, FileEndpoints.Map);

    /// <summary>Maps <c>POST /v1/tickets</c>, for browsers that read a stream or a file that <see cref="MapTasks"/> or <see cref="MapFiles"/> maps.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapTickets(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, TicketEndpoints.Map);

    /// <summary>Maps the Chat Completions of OpenAI at <c>/v1/chat/completions</c>, and where clients of Azure OpenAI look for them.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapOpenAiChat(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, OpenAiChatEndpoints.Map);

    /// <summary>Maps the Responses of OpenAI at <c>/v1/responses</c>, and where clients of Azure OpenAI look for them.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapOpenAiResponses(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, OpenAiResponsesEndpoints.Map);

    /// <summary>Maps the Conversations of OpenAI at <c>/v1/conversations</c>, and where clients of Azure OpenAI look for them.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapOpenAiConversations(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, OpenAiConversationsEndpoints.Map);

    /// <summary>Maps the Messages of Anthropic at <c>/v1/messages</c>.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapAnthropicMessages(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, AnthropicMessagesEndpoints.Map);

    /// <summary>Maps the chats of the AI SDK at <c>/api/chat</c>.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapAiSdk(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, AiSdkEndpoints.Map);

    /// <summary>Maps the runs of AG-UI at <c>/ag-ui</c>.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapAgUi(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, AgUiEndpoints.Map);

    /// <summary>Maps the agents as the Models of OpenAI at <c>/v1/models</c>, and where clients of Azure OpenAI look for them.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapModels(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, ModelEndpoints.Map);

    /// <summary>Maps <c>GET /v1/limits</c>, the limits of the caller.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapLimits(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, LimitEndpoints.Map);

    /// <summary>Maps the API keys of the store at <c>/v1/keys</c>, for administrators.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapKeys(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, KeyEndpoints.Map);

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>, which need no key.</summary>
    /// <inheritdoc cref="StreamRelayEndpointExtensions.MapStreamRelay" path="/param|/returns|/exception"/>
    public static RouteGroupBuilder MapHealth(this IEndpointRouteBuilder endpoints) => MapPart(endpoints, HealthEndpoints.Map);

    private static RouteGroupBuilder MapPart(IEndpointRouteBuilder endpoints, Action<IEndpointRouteBuilder> map)
    {
        var group = endpoints.MapRelayGroup();
        map(group);
        return group;
    }
}
