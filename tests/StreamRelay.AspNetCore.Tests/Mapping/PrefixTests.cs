using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.AspNetCore.Requests;

namespace StreamRelay.AspNetCore.Mapping;

/// <summary>An application maps the endpoints under prefixes of its choice.</summary>
public sealed class PrefixTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "/ai", "/ai")]
    [InlineData("", "/v1/ai", "/v1/ai")]
    [InlineData("", "/tenants/{tenant}/ai", "/tenants/acme%20inc/ai")]
    [InlineData("/app", "", "/app")]
    [InlineData("/app", "/ai", "/app/ai")]
    public async Task The_URLs_that_are_given_out_lead_to_the_task_and_its_file(string pathBase, string prefix, string root)
    {
        await using var host = await StartAsync(pathBase, prefix);

        using var started = await StartTaskAsync(host, root);
        var location = started.Headers.Location!.OriginalString;
        using var ended = await host.GetAsync(location + "?wait=60");
        var task = await ended.Content.ReadFromJsonAsync<JsonElement>();
        var id = task.GetProperty("id").GetString();
        var files = await host.Client.GetFromJsonAsync<JsonElement>($"{root}/v1/tasks/{id}/files");
        var events = await host.Client.GetStringAsync($"{root}/v1/tasks/{id}/events");

        Assert.Equal($"{root}/v1/tasks/{id}", location);
        var url = Url(task.GetProperty("files"));
        Assert.Equal($"{root}/download/{id}/a.txt", url);
        Assert.Equal(url, Url(files.GetProperty("data")));
        Assert.Contains($"\"url\":\"{url}\"", events, StringComparison.Ordinal);
        Assert.Equal(FileWriter.Content, await host.Client.GetStringAsync(url));
    }

    [Fact]
    public async Task A_task_that_was_started_under_one_prefix_is_read_under_another()
    {
        await using var host = await StartAsync("", "/a", "/b");

        using var started = await StartTaskAsync(host, "/a");
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        var task = await host.Client.GetFromJsonAsync<JsonElement>($"/b/v1/tasks/{id}?wait=60");
        var events = await host.Client.GetStringAsync($"/b/v1/tasks/{id}/events");

        Assert.Equal($"/b/download/{id}/a.txt", Url(task.GetProperty("files")));
        Assert.Contains($"/a/download/{id}/a.txt", events, StringComparison.Ordinal);
        Assert.Equal([FileWriter.Content, FileWriter.Content], [await host.Client.GetStringAsync($"/a/download/{id}/a.txt"), await host.Client.GetStringAsync($"/b/download/{id}/a.txt")]);
    }

    [Fact]
    public async Task Other_protocols_show_the_file_under_the_prefix_too()
    {
        await using var host = await StartAsync("", "/ai");

        using var chat = await host.SendAsync(HttpMethod.Post, "/ai/api/chat", null, JsonContent.Create(
            new { id = "chat", agent = "writer", messages = new[] { new { id = "1", role = "user", parts = new[] { new { type = "text", text = "hi" } } } } }));
        using var completion = await host.SendAsync(HttpMethod.Post, "/ai/openai/deployments/writer/chat/completions", null, JsonContent.Create(
            new { stream = true, messages = new[] { new { role = "user", content = "hi" } } }));

        Assert.Contains("\"/ai/download/", await chat.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"/ai/download/", await completion.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_names_a_route_names_it_under_the_prefix()
    {
        await using var host = await StartAsync("", "/ai");
        using var created = await host.SendAsync(HttpMethod.Post, "/ai/v1/responses", null, JsonContent.Create(new { model = "writer", input = "hi" }));
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        using var refused = await host.SendAsync(HttpMethod.Post, $"/ai/v1/responses/{id}/cancel", null);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains($" /ai/v1/tasks/{id["resp_".Length..]}/stop", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_that_a_caller_makes_too_long_starts_nothing()
    {
        await using var host = await StartAsync("", "/tenants/{tenant}/ai");

        using var refused = await StartTaskAsync(host, $"/tenants/{new string('x', 1100)}/ai");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (refused.StatusCode, await refused.CodeAsync()));
    }

    [Theory]
    [InlineData("//elsewhere.example", "/elsewhere.example")]
    [InlineData("/app", "/app")]
    [InlineData("", "")]
    public void A_path_that_a_proxy_names_never_leads_to_another_host(string pathBase, string expected)
    {
        var context = new DefaultHttpContext { Request = { PathBase = new(pathBase), Path = "/v1/tasks" } };

        Assert.Equal(expected, BasePath.Of(context));
    }

    [Fact]
    public async Task The_application_links_to_its_endpoints_by_any_name()
    {
        LinkGenerator? links = null;
        await using var host = await HostApp.StartAsync(new HostAppParts
        {
            Pipeline = app => links = app.Services.GetRequiredService<LinkGenerator>(),
            Relay = app =>
            {
                app.MapGroup("/a").MapStreamRelay();
                app.MapGroup("/b").MapStreamRelay();
                app.MapGet("/invoices/{name}", (string name) => name).WithName("GetFile");
            },
        });

        Assert.Equal("/invoices/1.pdf", links!.GetPathByName("GetFile", new { name = "1.pdf" }));
    }

    [Fact]
    public async Task The_application_s_API_document_has_the_routes_under_every_prefix()
    {
        await using var host = await HostApp.StartAsync(new HostAppParts
        {
            Services = services => services.AddOpenApi(),
            Relay = app =>
            {
                app.MapOpenApi();
                app.MapGroup("/a").MapStreamRelay();
                app.MapGroup("/b").MapOpenAiChat();
            },
        });

        var paths = (await host.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        Assert.Contains("/secret", paths);
        Assert.Contains("/a/v1/tasks/{id}", paths);
        Assert.Contains("/b/v1/chat/completions", paths);
        Assert.DoesNotContain("/b/v1/tasks/{id}", paths);
    }

    private static Task<HostApp> StartAsync(string pathBase, params string[] prefixes) => HostApp.StartAsync(new HostAppParts
    {
        Services = services => services.AddSingleton(FileWriter.Agent),
        Pipeline = app =>
        {
            app.UsePathBase(pathBase);
            app.UseRouting();
            app.UseAuthentication();
            app.UseAuthorization();
        },
        Relay = app =>
        {
            foreach (var prefix in prefixes)
                app.MapGroup(prefix).MapStreamRelay();
        },
    });

    private static Task<HttpResponseMessage> StartTaskAsync(HostApp host, string root) =>
        host.SendAsync(HttpMethod.Post, $"{root}/v1/tasks", null, JsonContent.Create(new { agent = "writer", input = "hi" }));

    private static string Url(JsonElement files) => files.EnumerateArray().Single().GetProperty("url").GetString()!;
}
