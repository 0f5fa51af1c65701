using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Browser;

/// <summary>A front end with <c>useChat</c> on an origin of its own, in a real browser.</summary>
public sealed class FrontEndTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Answer = "document.querySelector('[data-role=assistant]')?.textContent ?? ''";
    private const string Message = "input";

    [Fact]
    public async Task A_chat_streams_goes_on_after_a_reload_and_is_stopped()
    {
        var port = Loopback.FreePort();
        using var app = new RelayApp(new() { ["StreamRelay:Auth:Origins:0"] = $"http://localhost:{port}" });
        using var frontEnd = await FrontEnd.StartAsync(port, app.Address);
        await using var page = await browser.OpenAsync(frontEnd.Address);

        await page.EnterAsync(Message, "count 2000 10");
        await page.UntilAsync($"{Answer}.startsWith('t1 t2 t3 ') ? 'streams' : ''", "streams");
        await page.ReloadAsync();
        await page.UntilAsync($"{Answer}.startsWith('t1 t2 t3 ') ? document.querySelector('[role=status]').textContent : ''", "streaming");
        await page.ClickAsync("button");
        await page.UntilAsync("document.querySelector('[role=status]').textContent", "ready");

        var task = (await app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks")).GetProperty("data").EnumerateArray().Single();
        Assert.Equal("stopped", task.GetProperty("status").GetString());
        Assert.Empty(page.Errors);
    }
}
