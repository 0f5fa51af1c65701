using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary><c>/v1/conversations/{id}/items</c>: the items of a conversation.</summary>
internal static class ConversationItemsEndpoints
{
    private const string Param = "conversation_id";

    /// <summary>Maps the routes.</summary>
    /// <param name="group">The group of conversations.</param>
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{conversationId}/items", ListAsync).WithOperationId("ListConversationItems")
            .WithSummary("The items of the conversation, newest first").WithParameters(RouteParameters.ItemPage).Produces<ItemList>().ProducesErrors(400, 404);
        group.MapPost("/{conversationId}/items", AddAsync).WithOperationId("AddConversationItems").WithSummary("Append items to the conversation")
            .WithExample("""{"items":[{"role":"user","content":"I am Ada."}]}""").AcceptsJson<ConversationBody>().Produces<ItemList>().ProducesErrors(400, 404, 413);
        group.MapGet("/{conversationId}/items/{itemId}", GetAsync).WithOperationId("GetConversationItem").WithSummary("One item of the conversation")
            .Produces<JsonElement>().ProducesErrors(404);
        group.MapDelete("/{conversationId}/items/{itemId}", DeleteAsync).WithOperationId("DeleteConversationItem").WithSummary("Delete one item of the conversation")
            .Produces<ConversationView>().ProducesErrors(404);
    }

    private static async Task<IResult> ListAsync(string conversationId, HttpContext context, ConversationServices services)
    {
        var query = ItemPageQuery.Read(context.Request.Query);
        var conversation = await services.Access.RequireAsync(context, conversationId, Param);
        var items = await services.Store.ListAsync(conversation.Owner, conversation.Id, query, context.RequestAborted) ?? throw ItemPageQuery.NoSuchItem(query.After);
        return ItemPage.Of(query, items).ToResult(context);
    }

    private static async Task<IResult> AddAsync(string conversationId, HttpContext context, ConversationServices services)
    {
        var conversation = await services.Access.RequireAsync(context, conversationId, Param);
        var items = services.ReadItems((await RequestBody.ReadAsync(context)).Json.Optional("items") ?? throw RequestException.Invalid("'items' is required.", "items", "missing_field"));
        services.Access.CheckSpace(conversation, items, "items");
        return await services.Store.AppendAsync(conversation.Owner, conversation.Id, new(items, services.Time.GetUtcNow()), context.RequestAborted)
            ? new ItemPage(items, false).ToResult(context)
            : throw ConversationAccess.NotFound(conversationId, Param);
    }

    private static async Task<IResult> GetAsync(string conversationId, string itemId, HttpContext context, ConversationServices services)
    {
        var conversation = await services.Access.RequireAsync(context, conversationId, Param);
        var item = await services.Store.FindItemAsync(conversation.Owner, conversation.Id, itemId, context.RequestAborted) ?? throw NotFound(conversationId, itemId);
        return new LargeJson(item.Json);
    }

    private static async Task<IResult> DeleteAsync(string conversationId, string itemId, HttpContext context, ConversationServices services)
    {
        var conversation = await services.Access.RequireAsync(context, conversationId, Param);
        return await services.Store.DeleteItemAsync(conversation.Owner, conversation.Id, itemId, context.RequestAborted)
            ? OpenAiConversationsEndpoints.View(conversation)
            : throw NotFound(conversationId, itemId);
    }

    private static RequestException NotFound(string conversation, string item) =>
        RequestException.NotFound($"Conversation '{conversation}' has no item '{item}'.", "item_not_found", "item_id");
}
