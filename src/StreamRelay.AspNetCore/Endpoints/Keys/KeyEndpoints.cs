using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Keys;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Keys;

/// <summary><c>/v1/keys</c>: make, list, replace and revoke the API keys of the store.</summary>
internal static class KeyEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("/v1/keys", "Keys").RequireAuthorization(RelayPolicies.Admin).WithMetadata(new OutlivesCaller());
        group.MapPost("", CreateAsync).WithOperationId("CreateKey").WithSummary("Make an API key; the answer is the only one with the key itself")
            .WithExample("""{"owner":"ann","scopes":["start","read","admin"],"agents":["write_tutorial"],"requests_per_minute":60,"note":"ann's laptop","expires_at":"2030-01-31T00:00:00Z"}""")
            .AcceptsJson<KeyBody>().Produces<KeyView>(StatusCodes.Status201Created).ProducesErrors(400);
        group.MapGet("", ListAsync).WithOperationId("ListKeys").WithSummary("The stored API keys, the expired and revoked ones too").Produces<KeyList>();
        group.MapPost("/{id}/rotate", RotateAsync).WithOperationId("RotateKey").WithSummary("Make a key with the same rights; the old one is accepted for a while, if the request says so")
            .WithParameters(new RouteParameter("overlap", "For how long the old key is accepted beside the new one, such as 24h. Default 0."))
            .Produces<KeyView>(StatusCodes.Status201Created).ProducesErrors(400, 404);
        group.MapDelete("/{id}", RevokeAsync).WithOperationId("RevokeKey").WithSummary("Revoke an API key; everything that it opened ends. Revoking twice changes nothing")
            .Produces<KeyView>().ProducesErrors(404);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, StoredKeys stored, KeyRing keys, AgentRegistry agents, TimeProvider time)
    {
        CheckUnlimited(context);
        var (key, hash) = ApiKey.Create();
        var created = NewKey.Read((await RequestBody.ReadAsync(context)).Json, hash, agents, time.GetUtcNow());
        if (keys.IsLocalOnly && !created.Scopes.Contains(AccessScopes.Admin))
        {
            throw RequestException.Invalid(
                "The first key must have the scope 'admin': from then on requests without a key are not served, and no one else could make further keys.", "scopes", "invalid_value");
        }

        return await AddAsync(context, stored, created, key);
    }

    private static async Task<IResult> ListAsync(HttpContext context, StoredKeys stored)
    {
        CheckUnlimited(context);
        return Results.Json(new KeyList([.. (await stored.ListAsync(context.RequestAborted)).Select(key => View(key))]), KeyJson.Readable.KeyList);
    }

    private static async Task<IResult> RotateAsync(string id, HttpContext context, StoredKeys stored, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var overlap = context.Request.Query.Age("overlap") ?? TimeSpan.Zero;
        if (await FindAsync(id, context, stored) is not { } old)
            return NotFound(id);
        if (old.ExpiresAt <= now)
            return ApiResults.Invalid($"Key '{id}' has expired or was revoked; make a new one.", "id", "key_expired");

        var (key, hash) = ApiKey.Create();
        var answer = await AddAsync(context, stored, old with { Hash = hash, CreatedAt = now, LastUsedAt = null }, key);
        await stored.ExpireAsync(old, now + overlap, CancellationToken.None);
        return answer;
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext context, StoredKeys stored, TimeProvider time)
    {
        if (await FindAsync(id, context, stored) is not { } key)
            return NotFound(id);

        var now = time.GetUtcNow();
        await stored.ExpireAsync(key, now, CancellationToken.None);
        return Results.Json(View(key with { ExpiresAt = key.ExpiresAt < now ? key.ExpiresAt : now }), KeyJson.Readable.KeyView);
    }

    private static async Task<IResult> AddAsync(HttpContext context, StoredKeys stored, StoredKey created, string key)
    {
        await stored.AddAsync(created, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(View(created, key), KeyJson.Readable.KeyView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<StoredKey?> FindAsync(string id, HttpContext context, StoredKeys stored)
    {
        CheckUnlimited(context);
        return (await stored.ListAsync(context.RequestAborted)).FirstOrDefault(key => key.Id == id);
    }

    /// <summary>A caller that is limited to some agents could make itself a key without the limit.</summary>
    private static void CheckUnlimited(HttpContext context)
    {
        if (context.User.FindAgents() is not null)
        {
            throw new RequestException(StatusCodes.Status403Forbidden,
                new("Credentials that are limited to some agents cannot manage keys.", "invalid_request_error", null, "forbidden"));
        }
    }

    private static IResult NotFound(string id) => ApiResults.NotFound($"There is no stored key '{id}'.", "key_not_found", "id");

    private static KeyView View(StoredKey stored, string? key = null) => new(
        stored.Id, key, stored.Owner, stored.Scopes.Count > 0 ? stored.Scopes : [.. AccessScopes.All.Except([AccessScopes.Admin])], stored.Agents, stored.RequestsPerMinute,
        stored.Note, stored.CreatedAt, stored.ExpiresAt, stored.LastUsedAt);
}
