using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary><c>/v1/models</c>: the agents there are.</summary>
public static class ModelEndpoints
{
    /// <summary>Maps <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
    public static RouteGroupBuilder MapModels(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/models").WithTags("OpenAI");
        group.MapGet("", List).WithName("ListModels").WithSummary("The agents there are, as models");
        group.MapGet("/{**id}", Find).WithName("GetModel").WithSummary("One agent, as a model")
            .Produces<Model>().Produces<ApiErrorBody>(StatusCodes.Status404NotFound);
        return group;
    }

    private static JsonHttpResult<ModelList> List(HttpContext context, TaskStarter starter) =>
        TypedResults.Json(new ModelList("list", [.. starter.Agents(context).Select(Model.Of)]), ApiJson.Default.ModelList);

    private static IResult Find(string id, HttpContext context, TaskStarter starter)
    {
        var name = PathText.Decode(id);
        return starter.Agents(context).Contains(name)
            ? Results.Json(Model.Of(name), ApiJson.Default.Model)
            : ApiResults.NotFound($"There is no model '{name}'. Models: {string.Join(", ", starter.Agents(context))}.", "model_not_found", "model");
    }
}
