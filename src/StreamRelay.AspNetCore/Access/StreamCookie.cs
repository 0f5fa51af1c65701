using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The cookie that a ticket is exchanged for. It reads one stream for 12 hours, so that a browser can reconnect.</summary>
internal sealed class StreamCookie(TicketSigner signer, KeyRing keys, TimeProvider time)
{
    private const string Name = "streamrelay";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The content of the request's cookie, or <see langword="null"/> when it is missing, invalid, or lacks one of the tasks that are read.</summary>
    public Ticket? Read(HttpContext context, TicketScope scope)
    {
        var tasks = scope.Tasks(context);
        return context.Request.Cookies.TryGetValue(NameFor(tasks), out var text) && signer.Read(text, Purpose(context)) is { } kept && tasks.All(kept.Tasks.Contains) ? kept : null;
    }

    /// <summary>Sets the cookie if the response is a success.</summary>
    public void KeepOnSuccess(HttpContext context, TicketScope scope, Ticket ticket)
    {
        var tasks = scope.Tasks(context);
        if (tasks.Count > 0 && tasks.All(ticket.Tasks.Contains))
            context.Response.OnStarting(() => KeepAsync(context, ticket with { Tasks = tasks, ExpiresAt = Earlier(time.GetUtcNow() + Lifetime, ticket.Until) }));
    }

    /// <summary>A cookie is for the path that set it. The browser keeps to that by itself, and other clients might not.</summary>
    private static string Purpose(HttpContext context) => $"StreamRelay.StreamCookie:{context.Request.PathBase}{context.Request.Path}";

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private Task KeepAsync(HttpContext context, Ticket kept)
    {
        if (context.Response.StatusCode is < StatusCodes.Status200OK or >= StatusCodes.Status300MultipleChoices)
            return Task.CompletedTask;

        // A page of another site sends the cookie only with SameSite=None, which browsers accept over https alone. The configuration names such pages.
        var isForeign = context.Request.IsHttps && keys.Origins.Contains(context.Request.Headers.Origin.ToString());
        context.Response.Cookies.Append(NameFor(kept.Tasks), signer.Sign(kept, Purpose(context)), new()
        {
            HttpOnly = true,
            SameSite = isForeign ? SameSiteMode.None : SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = context.Request.PathBase + context.Request.Path,
            MaxAge = kept.ExpiresAt - time.GetUtcNow(),
            IsEssential = true,
        });
        return Task.CompletedTask;
    }

    /// <summary>Streams of several tasks share one path, so the name distinguishes their cookies.</summary>
    private static string NameFor(IReadOnlyList<TaskId> tasks) =>
        $"{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', tasks)))).AsSpan(0, 16)}";
}
