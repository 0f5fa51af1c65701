using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Browser;

/// <summary>A page of another site, in a real browser.</summary>
public sealed class ForeignPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    /// <summary>Starts a task in each way that a page has, waits for the answers, and returns what it could read of them.</summary>
    private const string Attack = """
        async ({ relay, key }) => {
          const body = JSON.stringify({ agent: 'probe', input: 'count 1 0' })
          const read = async (path, options) => { try { return await (await fetch(relay + path, options)).text() } catch { return '' } }
          const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'frame' }))
          const form = document.body.appendChild(Object.assign(document.createElement('form'), { method: 'post', action: relay + '/v1/tasks', enctype: 'text/plain', target: 'frame' }))
          form.append(Object.assign(document.createElement('input'), { name: body.slice(0, -1) + ',"metadata":{"a":"', value: '"}}' }))
          const posted = new Promise(resolve => { frame.onload = resolve })
          form.submit()
          await posted
          const seen = [
            await read('/v1/tasks', { method: 'POST', body }),
            await read('/v1/tasks', { method: 'POST', body, mode: 'no-cors', credentials: 'include' }),
            await read('/v1/tasks', { method: 'POST', body, headers: { Authorization: 'Bearer ' + key } }),
            await read('/v1/tasks', {}),
            await read('/v1/models', { headers: { Authorization: 'Bearer ' + key } }),
          ]
          return seen.join('')
        }
        """;

    /// <summary>Loads the client, reads a task with it, and downloads a file by a link.</summary>
    private const string Use = """
        async ({ relay, key }) => {
          const module = await import(relay + '/client.js').catch(() => null)
          if (!module) return 'not loaded'
          const client = new module.StreamRelay(undefined, { apiKey: key })
          const { id } = await client.start('probe', 'count 3 0')
          let text = ''
          for await (const event of client.read(id)) if (event.event_type === 'output') text += event.content
          const tutorial = await client.start('write_tutorial', 'Knots')
          await client.wait(tutorial.id)
          const [file] = await client.files(tutorial.id)
          const downloaded = await (await fetch(await client.ticketUrl(file.url, tutorial.id))).text()
          return `${text}, ${downloaded.startsWith('# Knots: a tutorial') ? 'tutorial' : downloaded}`
        }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_of_another_site_gets_and_starts_nothing(bool isAnonymous)
    {
        var (key, hash) = ApiKey.Create();
        using var app = new RelayApp(isAnonymous
            ? new() { ["StreamRelay:Auth:AllowAnonymous"] = "true" }
            : new() { ["StreamRelay:Auth:Keys:0:Owner"] = "ada", ["StreamRelay:Auth:Keys:0:Hash"] = hash });
        await using var elsewhere = await ServePageAsync();
        await using var page = await browser.OpenAsync(new Uri(elsewhere.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));

        var seen = await page.RunAsync(Attack, new { relay = app.Address.GetLeftPart(UriPartial.Authority), key });

        Assert.Equal("", seen);
        if (!isAnonymous)
            app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var tasks = await app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks");
        Assert.Equal(0, tasks.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_of_another_site_loads_and_uses_the_client_only_if_its_origin_is_configured(bool isConfigured)
    {
        var (key, hash) = ApiKey.Create();
        await using var elsewhere = await ServePageAsync();
        var origin = elsewhere.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        using var app = new RelayApp(new()
        {
            ["StreamRelay:Auth:Keys:0:Owner"] = "ada",
            ["StreamRelay:Auth:Keys:0:Hash"] = hash,
            ["StreamRelay:Auth:Origins:0"] = isConfigured ? origin : "https://example.com",
        });
        await using var page = await browser.OpenAsync(new Uri(origin));

        var seen = await page.RunAsync(Use, new { relay = app.Address.GetLeftPart(UriPartial.Authority), key });

        Assert.Equal(isConfigured ? "t1 t2 t3 , tutorial" : "not loaded", seen);
    }

    private static async Task<WebApplication> ServePageAsync()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/", () => Results.Content("<!doctype html><title>Another site</title><body>", "text/html"));
        await app.StartAsync();
        return app;
    }
}
