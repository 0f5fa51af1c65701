using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.AspNetCore.Mapping;

/// <summary>An application maps single parts of the endpoints.</summary>
public sealed class PartTests
{
    private readonly (string Key, string Hash) _key = ApiKey.Create();

    public static TheoryData<string> Parts => [.. Methods().Select(method => method.Name)];

    [Fact]
    public void The_parts_together_are_the_whole_with_the_same_access_errors_and_limits() =>
        Assert.Equal(Describe(app => app.MapStreamRelay()), Describe(app =>
        {
            foreach (var part in Methods())
                part.Invoke(null, [app]);
        }));

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Mapping_without_the_services_names_the_line_to_add(string part)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var thrown = Assert.Throws<TargetInvocationException>(() => Methods().Single(method => method.Name == part).Invoke(null, [app]));

        Assert.Contains("call builder.Services.AddStreamRelay(builder.Configuration)", Assert.IsType<InvalidOperationException>(thrown.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_alone_has_its_routes_with_their_access_and_limits_and_the_others_are_the_application_s()
    {
        await using var host = await StartAsync(app => app.MapGroup("/ai").MapOpenAiChat(), ("StreamRelay:Limits:BodyBytes", "1024"));

        using var answer = await AskAsync(host, "/ai/v1/chat/completions", _key.Key, "hello");
        using var anonymous = await AskAsync(host, "/ai/v1/chat/completions", null, "hello");
        using var alias = await AskAsync(host, "/ai/openai/v1/chat/completions", null, "hello");
        using var large = await AskAsync(host, "/ai/v1/chat/completions", _key.Key, new string('x', 5000));
        using var other = await host.GetAsync("/ai/v1/models", _key.Key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (answer.StatusCode, large.StatusCode));
        Assert.Equal(("invalid_api_key", "invalid_api_key"), (await anonymous.CodeAsync(), await alias.CodeAsync()));
        Assert.Equal("the application's page for 404", await other.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_part_that_is_mapped_in_the_group_of_another_one_counts_a_request_once()
    {
        await using var host = await StartAsync(app => app.MapTasks().MapModels(), ("StreamRelay:Limits:RequestsPerMinutePerKey", "10"));

        using var answer = await host.GetAsync("/v1/models", _key.Key);

        Assert.Equal("9", answer.Headers.GetValues("x-ratelimit-remaining-requests").Single());
    }

    [Fact]
    public async Task A_convention_of_the_application_applies_to_all_routes_of_a_part()
    {
        await using var host = await HostApp.StartWithSchemeAsync(new()
        {
            Services = services => services.AddAuthorizationBuilder().AddPolicy("staff", policy => policy.RequireClaim("staff")),
            Relay = app => app.MapModels().RequireAuthorization("staff"),
        });

        using var refused = await host.GetAsync("/v1/models", WebTokens.Create("alice"));
        using var alias = await host.GetAsync("/openai/v1/models", WebTokens.Create("alice"));
        using var served = await host.GetAsync("/openai/v1/models", WebTokens.Create("bob", ("staff", "yes")));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, alias.StatusCode, served.StatusCode));
    }

    private static IEnumerable<MethodInfo> Methods() => typeof(StreamRelayPartExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static);

    private static string[] Describe(Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddStreamRelay(builder.Configuration);
        using var services = builder.Services.BuildServiceProvider();
        var routes = new Routes(services);
        map(routes);
        return [.. routes.DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>().Select(Describe).Order(StringComparer.Ordinal)];
    }

    private static string Describe(RouteEndpoint endpoint) => string.Join(' ', [
        .. endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(methods => methods.HttpMethods),
        endpoint.RoutePattern.RawText,
        .. endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy),
        .. endpoint.Metadata.OfType<IAllowAnonymous>().Select(_ => "anonymous"),
        .. endpoint.Metadata.OfType<IRequestSizeLimitMetadata>().Select(limit => limit.MaxRequestBodySize),
        .. endpoint.Metadata.OfType<IErrorFormat>().Select(format => format.GetType().Name),
        .. endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode),
    ]);

    private static Task<HttpResponseMessage> AskAsync(HostApp host, string path, string? key, string content) => host.SendAsync(
        HttpMethod.Post, path, key, JsonContent.Create(new { model = "echo", messages = new[] { new { role = "user", content } } }));

    private Task<HostApp> StartAsync(Action<WebApplication> relay, params (string Name, string Value)[] settings) =>
        HostApp.StartAsync(new HostAppParts { Relay = relay }, [("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", _key.Hash), .. settings]);

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
