using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Signed leave to read tasks, for browsers, whose EventSource and downloads cannot send a key. A ticket in a stream's URL is
/// exchanged at first use for a cookie of that URL only, with which the browser's own reconnects come back.</summary>
internal sealed class Tickets(IDataProtectionProvider protection, TimeProvider time)
{
    private const string CookieName = "streamrelay";

    private static readonly TimeSpan CookieLife = TimeSpan.FromHours(12);

    private readonly IDataProtector _protector = protection.CreateProtector("StreamRelay.Tickets.1");

    /// <summary>How long a ticket may wait for its first use.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromSeconds(60);

    public string Issue(string owner, IReadOnlyList<string> tasks) => Sign(owner, tasks, Life);

    /// <summary>The owner that a ticket or cookie lets this request read as, or <see langword="null"/>.</summary>
    public string? Accept(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return null;
        if (TaskOf(context.Request.Path) is not { } task)
            return null;
        if (Read(context.Request.Cookies[CookieName], task) is { } known)
            return known.Owner;
        if (Read(context.Request.Query["ticket"], task) is not { } ticket)
            return null;

        if (context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            SetCookie(context, ticket.Owner, task);

        return ticket.Owner;
    }

    private void SetCookie(HttpContext context, string owner, string task) =>
        context.Response.Cookies.Append(CookieName, Sign(owner, [task], CookieLife), new CookieOptions
        {
            Path = context.Request.PathBase + context.Request.Path,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = CookieLife,
            IsEssential = true,
        });

    private static string? TaskOf(PathString path) => path.Value!.Split('/') switch
    {
        ["", "v1", "tasks", var id, "events" or "files", ..] => id,
        ["", "download", var id, _] => id,
        _ => null,
    };

    private string Sign(string owner, IReadOnlyList<string> tasks, TimeSpan life)
    {
        var ticket = new Ticket(owner, tasks, (time.GetUtcNow() + life).ToUnixTimeSeconds());
        return _protector.Protect(JsonSerializer.Serialize(ticket, TicketJson.Default.Ticket));
    }

    private Ticket? Read(string? text, string task)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        try
        {
            var ticket = JsonSerializer.Deserialize(_protector.Unprotect(text), TicketJson.Default.Ticket);
            return ticket is not null && ticket.Expires > time.GetUtcNow().ToUnixTimeSeconds() && ticket.Tasks.Contains(task) ? ticket : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
