using Microsoft.Playwright;

namespace StreamRelay.Browser;

/// <summary>One Chromium for the tests of a class; every page has a profile of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program(), Args = Arguments });
    }

    public async Task<RelayPage> OpenAsync(Uri address, string fragment = "")
    {
        var page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var relayPage = new RelayPage(page);
        await page.GotoAsync(new Uri(address, fragment).ToString());
        return relayPage;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string Program() =>
        ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("These tests need Chromium in /usr/bin.");
}
