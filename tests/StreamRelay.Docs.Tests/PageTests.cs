using StreamRelay.Docs.Blocks;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs;

/// <summary>Every fenced block of the pages is executed, in the order of its page. The classes that derive from this one run at the same time.</summary>
public abstract class PageTests : IClassFixture<DocsFixture>
{
    /// <summary>Executes a page's blocks.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">A block did not do what the page states; the message has all such blocks with their output.</exception>
    protected static async Task ExecuteAsync(string name)
    {
        var page = Repository.Read(name);
        await using var session = await PageSession.OpenAsync(page, DocsFixture.Servers);
        var runner = new BlockRunner(session, DocsFixture.Programs);

        List<string> faults = [];
        foreach (var block in page.Blocks)
        {
            if (await runner.RunAsync(block) is { } fault)
                faults.Add(fault);
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    private protected static TheoryData<string> Named(Func<string, bool> condition) => [.. Repository.PageNames.Where(condition)];
}
