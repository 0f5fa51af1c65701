using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary><c>/v1/conversations</c>: lists of items that responses continue and are appended to.</summary>
internal static class OpenAiConversationsEndpoints
{
    private static readonly string[] Aliases = ["/openai/conversations", "/openai/v1/conversations"];

    /// <summary>Maps the routes, also where clients of Azure OpenAI look for them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapRoutes(endpoints.MapApi("/v1/conversations", "OpenAI"));
        foreach (var prefix in Aliases)
            MapRoutes(endpoints.MapAlias(prefix));
    }

    private static void MapRoutes(RouteGroupBuilder group)
    {
        group.MapPost("", CreateAsync).WithOperationId("CreateConversation").WithSummary("Create a conversation, which responses continue")
            .WithExample("""{"items":[{"role":"user","content":"I am Ada."}],"metadata":{"topic":"demo"}}""").AcceptsJson<ConversationBody>()
            .Produces<ConversationView>().ProducesErrors(400, 413);
        group.MapGet("/{conversationId}", GetAsync).WithOperationId("GetConversation").WithSummary("One conversation, without its items").Produces<ConversationView>().ProducesErrors(404);
        group.MapPost("/{conversationId}", UpdateAsync).WithOperationId("UpdateConversation").WithSummary("Replace the metadata of the conversation")
            .WithExample("""{"metadata":{"topic":"demo"}}""").AcceptsJson<ConversationBody>().Produces<ConversationView>().ProducesErrors(400, 404, 413);
        group.MapDelete("/{conversationId}", DeleteAsync).WithOperationId("DeleteConversation").WithSummary("Delete the conversation with its items; its responses are kept")
            .Produces<ConversationDeletion>().ProducesErrors(404);
        ConversationItemsEndpoints.Map(group);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ConversationServices services)
    {
        var body = (await RequestBody.ReadAsync(context)).Json;
        var items = body.Optional("items") is { } given ? services.ReadItems(given) : [];
        var conversation = new StoredConversation($"conv_{TaskId.New(services.Time)}", context.GetOwner(), services.Time.GetUtcNow(), services.ReadMetadata(body) ?? "{}"u8.ToArray());
        services.Access.CheckSpace(conversation, items, "items");
        await services.Store.AddAsync(conversation, items, context.RequestAborted);
        return View(conversation);
    }

    private static async Task<IResult> GetAsync(string conversationId, HttpContext context, ConversationServices services) =>
        View(await services.Access.RequireAsync(context, conversationId, "conversation_id"));

    private static async Task<IResult> UpdateAsync(string conversationId, HttpContext context, ConversationServices services)
    {
        var conversation = await services.Access.RequireAsync(context, conversationId, "conversation_id");
        var metadata = services.ReadMetadata((await RequestBody.ReadAsync(context)).Json)
            ?? throw RequestException.Invalid("'metadata' is required.", "metadata", "missing_field");
        return await services.Store.SetMetadataAsync(conversation.Owner, conversation.Id, metadata, context.RequestAborted)
            ? View(conversation with { Metadata = metadata })
            : throw ConversationAccess.NotFound(conversationId, "conversation_id");
    }

    private static async Task<IResult> DeleteAsync(string conversationId, HttpContext context, ConversationServices services)
    {
        var conversation = await services.Access.RequireAsync(context, conversationId, "conversation_id");
        return await services.Store.DeleteAsync(conversation.Owner, conversation.Id, context.RequestAborted)
            ? Results.Json(new ConversationDeletion(conversation.Id), ConversationsJson.Readable.ConversationDeletion)
            : throw ConversationAccess.NotFound(conversationId, "conversation_id");
    }

    internal static IResult View(StoredConversation conversation) => LargeJson.Create(
        new ConversationView(conversation.Id, conversation.CreatedAt.ToUnixTimeSeconds(), JsonElement.Parse(conversation.Metadata.Span)), ConversationsJson.Readable.ConversationView);
}
