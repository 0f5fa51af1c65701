using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.Files;

public class FileTests
{
    private const string Content = "0123456789";

    [Fact]
    public async Task The_list_names_each_file_and_where_to_download_it()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, names: ["mysql guide.md", "größe-100%.md"]);

        var list = await app.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{task}/files");

        Assert.Equal("list", list.GetProperty("object").GetString());
        foreach (var file in list.GetProperty("data").EnumerateArray())
        {
            Assert.Equal("text/markdown; charset=utf-8", file.GetProperty("media_type").GetString());
            Assert.Equal(Content.Length, file.GetProperty("size").GetInt64());
            Assert.Equal("2000-01-01T00:00:00.000Z", file.GetProperty("created_at").GetString());
            Assert.Equal(Content, await app.Client.GetStringAsync(file.GetProperty("url").GetString()));
        }

        Assert.Equal(["mysql guide.md", "größe-100%.md"], list.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("/v1/tasks/{0}/files/")]
    [InlineData("/download/{0}/")]
    public async Task A_file_is_served_as_a_download_that_a_browser_does_not_run(string route)
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, "text/html", "größe.html");

        using var answer = await app.SendAsync(Url(route, task) + Uri.EscapeDataString("größe.html"));

        Assert.Equal(Content, await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("größe.html", answer.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.NotNull(answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-cache, private", answer.Headers.CacheControl?.ToString());
        Assert.Equal(app.Time.GetUtcNow(), answer.Content.Headers.LastModified);
        Assert.Equal("\"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882\"", answer.Headers.ETag?.ToString());
    }

    [Theory]
    [InlineData("bytes=2-4", 206, "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    public async Task A_range_is_answered_with_that_part(string range, int status, string body, string contentRange)
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, names: "a.md");

        using var answer = await app.SendAsync($"/download/{task}/a.md", headers: ("Range", range));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(contentRange, answer.Content.Headers.ContentRange?.ToString());
        if (status == 206)
            Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_file_that_the_client_has_is_not_sent_again()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, names: "a.md");
        using var first = await app.SendAsync($"/download/{task}/a.md");

        using var same = await app.SendAsync($"/download/{task}/a.md", headers: ("If-None-Match", first.Headers.ETag!.ToString()));
        using var other = await app.SendAsync($"/download/{task}/a.md", headers: ("If-None-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_HEAD_request_gets_every_header_and_no_body()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, names: "a.md");

        using var answer = await app.SendAsync($"/download/{task}/a.md", method: HttpMethod.Head);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Content.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.ToString());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_invalid_media_type_becomes_application_octet_stream()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", Content, "text/html\r\nX-Evil: 1", "a.md");

        using var answer = await app.SendAsync($"/download/{task}/a.md");

        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.False(answer.Headers.Contains("X-Evil"));
    }

    private static string Url(string route, string task) => route.Replace("{0}", task, StringComparison.Ordinal);
}
