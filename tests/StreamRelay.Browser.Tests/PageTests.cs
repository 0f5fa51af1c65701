using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using StreamRelay.Client;
using StreamRelay.Client.Events;
using StreamRelay.TestSupport;

namespace StreamRelay.Browser;

/// <summary>The page in a real browser, in front of the whole server.</summary>
public sealed class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_tutorial_grows_on_the_page_and_downloads_as_the_same_text()
    {
        using var app = App(pause: "00:00:00.002");
        await using var page = await browser.OpenAsync(app.Address);
        await page.WriteAsync("Knots & ropes 😀", "German");
        var seen = await page.GrowAsync(0);
        await page.GrowAsync(seen + 200);
        await page.StateAsync("done");

        var text = await page.TextAsync();
        Assert.StartsWith("# Knots & ropes 😀: a tutorial\n", text);
        Assert.Contains("German", text);
        Assert.Equal(await OutputAsync(app, page.TaskId()), text);
        var (name, content) = await page.DownloadAsync();
        Assert.EndsWith(".md", name);
        Assert.Equal(text, content);
        Assert.False(await page.IsVisibleAsync("#stop"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_page_that_is_disconnected_repeatedly_reconnects_and_shows_the_whole_text()
    {
        using var app = App(pause: "00:00:00.010");
        await using var proxy = new CuttingProxy(app.Address);
        await using var page = await browser.OpenAsync(proxy.Address);
        await page.WriteAsync("Sailing");
        var seen = 0;
        for (var cut = 0; cut < 3; cut++)
        {
            seen = await page.GrowAsync(seen + 100);
            proxy.Cut();
            await page.StateAsync("reconnecting");
        }

        await page.StateAsync("done");
        var text = await page.TextAsync();
        Assert.Equal(await OutputAsync(app, page.TaskId()), text);
        Assert.Equal(text, (await page.DownloadAsync()).Text);
        Assert.Equal(4, page.Readings.Count);
        Assert.Single(page.Readings.Select(reading => reading.Url).Distinct());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_page_reloaded_during_a_task_shows_the_text_from_its_start_and_continues()
    {
        using var app = App(pause: "00:00:00.005");
        await using var page = await browser.OpenAsync(app.Address);
        await page.WriteAsync("Chess");
        var seen = await page.GrowAsync(300);
        await page.ReloadAsync();
        await page.GrowAsync(seen);
        await page.StateAsync("done");
        Assert.Equal(await OutputAsync(app, page.TaskId()), await page.TextAsync());
    }

    [Fact]
    public async Task Stop_ends_the_task_and_keeps_the_output()
    {
        using var app = App(pause: "00:00:00.050");
        await using var page = await browser.OpenAsync(app.Address);
        await page.WriteAsync("Gardens");
        var seen = await page.GrowAsync(50);
        await page.ClickAsync("#stop");
        await page.StateAsync("stopped");

        var text = await page.TextAsync();
        Assert.True(text.Length >= seen);
        Assert.Equal(await OutputAsync(app, page.TaskId()), text);
        Assert.Equal("stopped", (await app.TaskAsync(page.TaskId())).GetProperty("status").GetString());
        Assert.False(await page.IsVisibleAsync("#file"));
        Assert.False(await page.IsVisibleAsync("#stop"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_server_with_keys_asks_for_one_and_then_streams_and_downloads()
    {
        const string key = "a key only this test knows";
        using var app = App(pause: "00:00:00.002", key);
        await using var page = await browser.OpenAsync(app.Address);
        await page.ShownAsync("#key-form");
        await page.UseKeyAsync("not the key");
        await page.ShownAsync("#key-note:has-text('did not accept')");
        await page.UseKeyAsync(key);
        await page.OfferedAsync("probe");
        Assert.False(await page.IsVisibleAsync("#key-form"));

        await page.WriteAsync("Locks");
        await page.StateAsync("done");
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var text = await page.TextAsync();
        Assert.Equal(await OutputAsync(app, page.TaskId()), text);
        Assert.Equal(text, (await page.DownloadAsync()).Text);
        Assert.DoesNotContain(page.Readings, reading => Uri.UnescapeDataString(reading.Url).Contains(key, StringComparison.Ordinal));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Markup_in_a_topic_is_shown_as_text()
    {
        using var app = App(pause: "00:00:00");
        await using var page = await browser.OpenAsync(app.Address);
        await page.WriteAsync("<img src=x onerror=\"throw 1\"><script>throw 2</script>");
        await page.StateAsync("done");
        Assert.Contains("<img src=x onerror=\"throw 1\"><script>", await page.TextAsync());
        Assert.Equal(0, await page.CountAsync("main img, main script"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_missing_task_is_reported_on_the_page()
    {
        using var app = App(pause: "00:00:00");
        await using var page = await browser.OpenAsync(app.Address, "/#task=nothing");
        await page.StateAsync("failed");
        Assert.Empty(page.Errors);
    }

    private static RelayApp App(string pause, string? key = null)
    {
        Dictionary<string, string?> settings = new() { ["StreamRelay:Tutorial:OfflinePause"] = pause };
        if (key is not null)
        {
            settings["StreamRelay:Auth:Keys:0:Name"] = "reader";
            settings["StreamRelay:Auth:Keys:0:Owner"] = "ada";
            settings["StreamRelay:Auth:Keys:0:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        }

        return new(settings);
    }

    /// <summary>The output in the task's log.</summary>
    private static async Task<string> OutputAsync(RelayApp app, string id)
    {
        using var relay = new StreamRelayClient(app.Client);
        return string.Concat(await relay.ReadAsync(id).Where(next => next.Type == RelayEventTypes.Output).Select(next => next.Content).ToListAsync());
    }
}
