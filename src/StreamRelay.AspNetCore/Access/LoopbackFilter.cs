using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Applies <see cref="LoopbackRequirement"/> to an endpoint that allows anonymous callers, for which no policy is evaluated.</summary>
internal sealed class LoopbackFilter(KeyRing keys, LoopbackScope scope) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        scope.IsLoopbackOnly && keys.LoopbackViolation(context.HttpContext) is { } reason ? ValueTask.FromResult<object?>(AccessErrors.LocalOnly(reason)) : next(context);
}
