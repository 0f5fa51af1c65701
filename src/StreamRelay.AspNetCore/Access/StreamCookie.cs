using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>What a ticket is exchanged for: a cookie that reads one stream, for as long as a browser may want to come back to it.</summary>
internal sealed class StreamCookie(TicketSigner signer, KeyRing keys, TimeProvider time)
{
    private const string Name = "streamrelay";
    private const string Purpose = "StreamRelay.StreamCookie";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>What the request's cookie says, or <see langword="null"/> when it is none for all of the tasks that are read.</summary>
    public Ticket? Read(HttpContext context)
    {
        var tasks = TicketRoutes.Tasks(context);
        return context.Request.Cookies.TryGetValue(NameFor(tasks), out var text) && signer.Read(text, Purpose) is { } kept && tasks.All(kept.Tasks.Contains) ? kept : null;
    }

    /// <summary>Sends the cookie along if the answer turns out to be the stream.</summary>
    public void KeepOnSuccess(HttpContext context, Ticket ticket)
    {
        var tasks = TicketRoutes.Tasks(context);
        if (tasks.Count > 0 && tasks.All(ticket.Tasks.Contains))
            context.Response.OnStarting(() => KeepAsync(context, new(ticket.Owner, tasks, time.GetUtcNow() + Lifetime)));
    }

    private Task KeepAsync(HttpContext context, Ticket kept)
    {
        if (context.Response.StatusCode is < StatusCodes.Status200OK or >= StatusCodes.Status300MultipleChoices)
            return Task.CompletedTask;

        // A page of another site sends the cookie only if it says so, and only over https. It reads one stream, and such pages are named in the configuration.
        var isForeign = context.Request.IsHttps && keys.Origins.Contains(context.Request.Headers.Origin.ToString());
        context.Response.Cookies.Append(NameFor(kept.Tasks), signer.Sign(kept, Purpose), new()
        {
            HttpOnly = true,
            SameSite = isForeign ? SameSiteMode.None : SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = context.Request.PathBase + context.Request.Path,
            MaxAge = Lifetime,
            IsEssential = true,
        });
        return Task.CompletedTask;
    }

    /// <summary>Streams of several tasks share one path, so the tasks are told apart by the name.</summary>
    private static string NameFor(IReadOnlyList<TaskId> tasks) =>
        $"{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', tasks)))).AsSpan(0, 16)}";
}
