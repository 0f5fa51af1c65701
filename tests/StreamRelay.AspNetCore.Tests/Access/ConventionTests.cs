using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The application's conventions apply to the group that <c>MapStreamRelay</c> returns.</summary>
public class ConventionTests
{
    private const string Page = "https://app.example.com";

    [Fact]
    public async Task The_application_s_rate_limiter_limits_StreamRelay_s_endpoints()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new()
        {
            Services = services => services.AddRateLimiter(limiter =>
            {
                limiter.RejectionStatusCode = 429;
                limiter.AddFixedWindowLimiter("two", window => (window.PermitLimit, window.Window) = (2, TimeSpan.FromHours(1)));
            }),
            Pipeline = app => app.UseRateLimiter(),
            Relay = app => app.MapStreamRelay().RequireRateLimiting("two"),
        });
        var alice = WebTokens.Create("alice");

        List<HttpStatusCode> statuses = [];
        for (var count = 0; count < 3; count++)
        {
            using var answer = await host.GetAsync("/v1/tasks", alice);
            statuses.Add(answer.StatusCode);
        }

        using var own = await host.GetAsync("/");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_further_policy_of_the_application_is_required_beside_StreamRelay_s_and_health_stays_open()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new()
        {
            Services = services => services.AddAuthorizationBuilder().AddPolicy("staff", policy => policy.RequireClaim("staff")),
            Relay = app => app.MapStreamRelay().RequireAuthorization("staff"),
        });

        using var stranger = await host.GetAsync("/v1/tasks", WebTokens.Create("alice"));
        using var staff = await host.GetAsync("/v1/tasks", WebTokens.Create("bob", ("staff", "yes")));
        using var health = await host.GetAsync("/health/live");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.OK), (stranger.StatusCode, staff.StatusCode, health.StatusCode));
    }

    [Fact]
    public async Task The_application_s_CORS_policy_admits_its_pages_to_StreamRelay_s_endpoints_and_to_no_other()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new()
        {
            Services = services => services.AddCors(cors => cors.AddPolicy("pages", policy => policy.WithOrigins(Page).AllowAnyHeader())),
            Pipeline = UseCors,
            Relay = app => app.MapStreamRelay().RequireCors("pages"),
        });

        using var preflight = await host.SendAsync(HttpMethod.Options, "/v1/tasks", null, null,
            ("Origin", Page), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization"));
        using var refused = await host.GetAsync("/v1/tasks", null, ("Origin", Page));
        using var own = await host.GetAsync("/", null, ("Origin", Page));

        Assert.Equal(Page, preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(Page, refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(own.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Configured_origins_are_admitted_to_StreamRelay_s_endpoints_only()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new() { Pipeline = UseCors }, ("StreamRelay:Auth:Origins:0", Page));

        using var relay = await host.GetAsync("/v1/tasks", WebTokens.Create("alice"), ("Origin", Page));
        using var own = await host.GetAsync("/", null, ("Origin", Page));

        Assert.Equal(Page, relay.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(own.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Mapping_without_the_services_names_the_line_to_add()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.MapStreamRelay());

        Assert.Contains("call builder.Services.AddStreamRelay(builder.Configuration)", thrown.Message, StringComparison.Ordinal);
    }

    private static void UseCors(WebApplication app)
    {
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
