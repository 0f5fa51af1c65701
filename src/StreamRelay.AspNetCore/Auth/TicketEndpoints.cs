using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary><c>POST /v1/tickets</c>.</summary>
public static class TicketEndpoints
{
    private const int MostTasks = 32;

    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapTickets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/tickets", IssueAsync)
            .AddEndpointFilter<ApiExceptionFilter>()
            .WithName("IssueTicket")
            .WithTags("Access")
            .WithSummary("Get a ticket (60 s, read only) with which a browser can open a task's events or download its files: ?ticket=")
            .Accepts<TicketRequest>("application/json")
            .Produces<TicketView>()
            .Produces<ApiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrorBody>(StatusCodes.Status404NotFound);

    private static async Task<IResult> IssueAsync(HttpContext context, ITaskStore tasks, Tickets tickets)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body.Json.Optional("tasks") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostTasks)
            throw JsonFields.Wrong("tasks", $"a list of 1 to {MostTasks} ids of tasks");

        List<string> ids = [];
        foreach (var item in list.EnumerateArray())
        {
            var id = item.ValueKind == JsonValueKind.String ? JsonFields.Text(item, "tasks") : throw JsonFields.Wrong("tasks", "a list of ids of tasks");
            if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is null)
                return ApiResults.TaskNotFound(id);

            ids.Add(id);
        }

        var ticket = tickets.Issue(context.User.GetOwner(), ids);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new TicketView(ticket, (int)Tickets.Life.TotalSeconds), TicketJson.Default.TicketView);
    }
}
