using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tickets;

/// <summary><c>/v1/tickets</c>: short-lived tickets that read tasks, for browsers, which cannot send a header with a stream or a download.</summary>
internal static class TicketEndpoints
{
    private const int MostTasks = 32;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/tickets", IssueAsync).RequireAuthorization(RelayPolicies.Read)
            .WithOperationId("IssueTicket").WithTags("Tickets")
            .WithSummary("A ticket that reads these tasks for 60 seconds: add it as ?ticket= to the URL of a stream or a file")
            .WithExample("""{"tasks":["01a1fc3490c470f698d90bf3e1de5334"]}""").AcceptsJson<NewTicket>().Produces<TicketView>().ProducesErrors(400, 404);

    private static async Task<IResult> IssueAsync(HttpContext context, ITaskStore tasks, TicketSigner signer, TimeProvider time)
    {
        var body = await RequestBody.ReadAsync(context);
        UnknownFields.Refuse(body.Json, "tasks");
        List<TaskId> ids = [];
        foreach (var id in Ids(body.Json))
        {
            if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
                return ApiResults.NotFound($"There is no task '{id}'.", "task_not_found", "tasks");

            ids.Add(task.Id);
        }

        var ticket = Ticket.Issue(context, ids, time.GetUtcNow() + Lifetime);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new TicketView(signer.Sign(ticket, TicketHandler.Purpose), (int)Lifetime.TotalSeconds), TicketJson.Default.TicketView);
    }

    private static IEnumerable<string> Ids(JsonElement json)
    {
        if (json.Optional("tasks") is not { ValueKind: JsonValueKind.Array } tasks || tasks.GetArrayLength() is < 1 or > MostTasks
            || tasks.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            throw JsonFields.Wrong("tasks", $"a list of 1 to {MostTasks} task ids");
        }

        return tasks.EnumerateArray().Select(id => JsonFields.Text(id, "tasks")).Distinct();
    }
}
