using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>What a ticket is exchanged for: a cookie that reads one stream, for as long as a browser may want to come back to it.</summary>
internal sealed class StreamCookie(TicketSigner signer, TimeProvider time)
{
    private const string Name = "streamrelay";
    private const string Purpose = "StreamRelay.StreamCookie";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>What the request's cookie says, or <see langword="null"/> when it is none for this task.</summary>
    public Ticket? Read(HttpContext context) =>
        context.Request.Cookies.TryGetValue(Name, out var text) && signer.Read(text, Purpose) is { } kept
        && TryGetTask(context, out var task) && kept.Tasks.Contains(task)
            ? kept
            : null;

    /// <summary>Sends the cookie along if the answer turns out to be the stream.</summary>
    public void KeepOnSuccess(HttpContext context, Ticket ticket)
    {
        if (TryGetTask(context, out var task) && ticket.Tasks.Contains(task))
            context.Response.OnStarting(() => KeepAsync(context, new(ticket.Owner, [task], time.GetUtcNow() + Lifetime)));
    }

    private Task KeepAsync(HttpContext context, Ticket kept)
    {
        if (context.Response.StatusCode is < StatusCodes.Status200OK or >= StatusCodes.Status300MultipleChoices)
            return Task.CompletedTask;

        context.Response.Cookies.Append(Name, signer.Sign(kept, Purpose), new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = context.Request.PathBase + context.Request.Path,
            MaxAge = Lifetime,
            IsEssential = true,
        });
        return Task.CompletedTask;
    }

    private static bool TryGetTask(HttpContext context, out TaskId task) => TaskId.TryParse(context.GetRouteValue("id") as string, out task);
}
