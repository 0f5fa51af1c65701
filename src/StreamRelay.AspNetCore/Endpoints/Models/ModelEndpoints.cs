using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Models;

/// <summary><c>/v1/models</c>: the agents that the caller may start.</summary>
internal static class ModelEndpoints
{
    private static readonly string[] Aliases = ["/openai/models", "/openai/v1/models"];

    /// <summary>Maps <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>, also where clients of Azure OpenAI look for them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapRoutes(endpoints.MapApi("/v1/models", "OpenAI"));
        foreach (var prefix in Aliases)
            MapRoutes(endpoints.MapAlias(prefix));
    }

    private static void MapRoutes(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithOperationId("ListModels").WithSummary("The agents there are, as models").Produces<ModelList>();
        group.MapGet("/{**id}", Find).WithOperationId("GetModel").WithSummary("One agent, as a model")
            .Produces<Model>().ProducesErrors(404);
    }

    private static JsonHttpResult<ModelList> List(HttpContext context, TaskStarter starter, AgentRegistry agents) =>
        TypedResults.Json(new ModelList("list", [.. starter.Agents(context).Select(agents.Find).Select(Model.Of!)]), ModelJson.Default.ModelList);

    private static IResult Find(string id, HttpContext context, TaskStarter starter, AgentRegistry agents)
    {
        var name = PathText.Decode(id);
        return starter.Agents(context).Contains(name)
            ? Results.Json(Model.Of(agents.Find(name)!), ModelJson.Default.Model)
            : ApiResults.NotFound($"There is no model '{name}'. Models: {string.Join(", ", starter.Agents(context))}.", "model_not_found", "model");
    }
}
