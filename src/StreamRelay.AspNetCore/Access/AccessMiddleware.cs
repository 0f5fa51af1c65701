using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Lets a request in, and says for whom it acts. Every route needs a caller unless it says otherwise.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, KeyRing keys, TicketReader tickets)
{
    private const string BearerPrefix = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        if (keys.IsLocalOnly && LoopbackRules.Violation(context, keys.Origins) is { } reason)
            return AccessErrors.LocalOnlyAsync(context, reason);
        if (IsPublic(context))
            return next(context);
        if (Identify(context) is not { } caller)
            return AccessErrors.UnauthorizedAsync(context);

        context.User = caller;
        return next(context);
    }

    /// <summary>The health routes, the description of the API, and what no route answers: the files of the page.</summary>
    private static bool IsPublic(HttpContext context) => context.GetEndpoint() is not { } endpoint
        ? HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
        : endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || context.Request.Path.StartsWithSegments("/openapi") || context.Request.Path.StartsWithSegments("/swagger");

    private ClaimsPrincipal? Identify(HttpContext context)
    {
        // Without configured keys there is nothing to compare with, and most clients insist on sending one.
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count > 0 && !keys.IsEmpty)
            return WithKey(context, authorization);
        if (tickets.TryRead(context, out var reader))
            return reader;
        if (keys.KeylessOwner is not { } owner)
            return null;

        Lease(context, () => keys.KeylessOwner == owner);
        return Caller.Create(owner, []);
    }

    private ClaimsPrincipal? WithKey(HttpContext context, StringValues authorization)
    {
        if (Bearer(authorization) is not { } text || keys.Find(text) is not { } key)
            return null;

        Lease(context, () => keys.Accepts(key.Hash));
        return Caller.Create(key.Owner, key.Agents);
    }

    private static void Lease(HttpContext context, Func<bool> isValid) => context.Features.Set<ICallerValidity>(new CallerValidity(isValid));

    private static string? Bearer(StringValues authorization) =>
        authorization.Count == 1 && authorization[0] is { } text && text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? text[BearerPrefix.Length..].Trim()
            : null;
}
