namespace StreamRelay.Server.Api;

/// <summary>What a browser is told about everything that it can open.</summary>
public sealed class SecurityHeaderTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private const string Data = "default-src 'none'; frame-ancestors 'none'; sandbox";

    [Theory]
    [InlineData("/v1/tasks")]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/none")]
    [InlineData("/v1/tasks/none/events")]
    [InlineData("/download/none/none")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/none")]
    public async Task Data_is_no_page_is_embedded_by_no_other_site_and_is_kept_by_no_cache(string path)
    {
        using var answer = await fixture.App.Client.GetAsync(path);

        Assert.Equal(("nosniff", Data, "same-origin"), (Header(answer, "X-Content-Type-Options"), Header(answer, "Content-Security-Policy"), Header(answer, "Cross-Origin-Resource-Policy")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_stream_has_them_too()
    {
        using var answer = await fixture.App.PostAsync("/v1/chat/completions", RelayApp.Chat("count 1 0"));

        Assert.Equal(("nosniff", Data), (Header(answer, "X-Content-Type-Options"), Header(answer, "Content-Security-Policy")));
    }

    [Fact]
    public async Task A_file_is_in_a_sandbox()
    {
        var task = await fixture.App.TaskAsync(await fixture.App.StartAsync("SQL", "write_tutorial"));
        using var answer = await fixture.App.Client.GetAsync(task.GetProperty("files")[0].GetProperty("url").GetString());

        Assert.Equal(("nosniff", "sandbox; default-src 'none'"), (Header(answer, "X-Content-Type-Options"), Header(answer, "Content-Security-Policy")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/style.css")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    public async Task A_page_loads_only_what_this_server_sends_and_is_shown_in_no_frame(string path)
    {
        using var answer = await fixture.App.Client.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        var policy = Header(answer, "Content-Security-Policy");

        Assert.StartsWith("default-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'; base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "same-origin", "same-origin"),
            (Header(answer, "X-Content-Type-Options"), Header(answer, "Cross-Origin-Opener-Policy"), Header(answer, "Cross-Origin-Resource-Policy")));
    }

    [Fact]
    public async Task The_client_is_JavaScript_and_its_types_are_TypeScript()
    {
        using var client = await fixture.App.Client.GetAsync("/client.js");
        using var types = await fixture.App.Client.GetAsync("/client.d.ts");

        Assert.Equal(("text/javascript", "application/typescript"), (client.Content.Headers.ContentType?.MediaType, types.Content.Headers.ContentType?.MediaType));
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
