using Microsoft.Playwright;
using StreamRelay.TestSupport;

namespace StreamRelay.Browser;

/// <summary>The page as its reader sees it.</summary>
public sealed class RelayPage : IAsyncDisposable
{
    private readonly IPage _page;

    public RelayPage(IPage page)
    {
        _page = page;
        page.PageError += (_, error) => Errors.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).AbsolutePath.EndsWith("/events", StringComparison.Ordinal))
                Readings.Add(request);
        };
    }

    /// <summary>Errors that the page's scripts did not catch.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Every request for events, the browser's own repetitions included.</summary>
    public List<IRequest> Readings { get; } = [];

    public async Task WriteAsync(string topic, string language = "")
    {
        await _page.FillAsync("#topic", topic);
        await _page.FillAsync("#language", language);
        await _page.ClickAsync("#start");
        await Wait.UntilAsync(() => Task.FromResult(_page.Url), static url => url.Contains("#task=", StringComparison.Ordinal), Relay.Deadline, "the task in the address of the page");
    }

    /// <summary>Runs a script on the page.</summary>
    public Task<string> RunAsync(string script, object argument) => _page.EvaluateAsync<string>(script, argument);

    /// <summary>Runs a script until it returns this.</summary>
    public Task UntilAsync(string script, string expected) => Wait.UntilAsync(() => _page.EvaluateAsync<string>(script), seen => seen == expected, Relay.Deadline, $"'{expected}' on the page");

    public string TaskId() => new Uri(_page.Url).Fragment["#task=".Length..];

    public Task StateAsync(string state) => _page.WaitForSelectorAsync($"#state[data-state={state}]");

    /// <summary>Waits until the running page shows more than this many characters.</summary>
    /// <returns>How many it shows.</returns>
    public async Task<int> GrowAsync(int beyond)
    {
        var length = await _page.WaitForFunctionAsync(
            """
            beyond => {
              const { length } = document.querySelector('#output').textContent;
              return document.querySelector('#state').dataset.state === 'streaming' && length > beyond && length;
            }
            """, beyond);
        return await length.JsonValueAsync<int>();
    }

    public async Task<string> TextAsync() => await _page.TextContentAsync("#output") ?? "";

    public Task<int> CountAsync(string selector) => _page.Locator(selector).CountAsync();

    public Task<bool> IsVisibleAsync(string selector) => _page.IsVisibleAsync(selector);

    public Task ClickAsync(string selector) => _page.ClickAsync(selector);

    /// <summary>Writes a text into a field, once it can be edited, and sends it with the key Enter.</summary>
    public async Task EnterAsync(string selector, string text)
    {
        await _page.FillAsync(selector, text);
        await _page.PressAsync(selector, "Enter");
    }

    public async Task UseKeyAsync(string key)
    {
        await _page.FillAsync("#key", key);
        await _page.ClickAsync("#key-form button");
    }

    public Task ShownAsync(string selector) => _page.WaitForSelectorAsync(selector);

    /// <summary>Waits until the page offers an agent, which only a server that answers can name.</summary>
    public Task OfferedAsync(string agent) =>
        _page.WaitForSelectorAsync($"#agent option:text-is('{agent}')", new() { State = WaitForSelectorState.Attached });

    public Task ReloadAsync() => _page.ReloadAsync();

    /// <summary>Follows the link to the file and returns its name and text.</summary>
    public async Task<(string Name, string Text)> DownloadAsync()
    {
        var download = await _page.RunAndWaitForDownloadAsync(() => _page.ClickAsync("#file a[download]"));
        return (download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync()));
    }

    public async ValueTask DisposeAsync() => await _page.CloseAsync();
}
