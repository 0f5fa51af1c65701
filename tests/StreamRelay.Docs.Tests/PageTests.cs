using StreamRelay.Docs.Blocks;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs;

/// <summary>Every fenced block of the README and of the pages is executed, in the order of its page.</summary>
public sealed class PageTests(DocsFixture fixture) : IClassFixture<DocsFixture>
{
    public static TheoryData<string> Pages { get; } = [.. Repository.PageNames];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_block_does_what_its_page_states(string name)
    {
        var page = Repository.Read(name);
        await using var session = await PageSession.OpenAsync(page, fixture.Servers);
        var runner = new BlockRunner(session, fixture.Programs);

        List<string> faults = [];
        foreach (var block in page.Blocks)
        {
            if (await runner.RunAsync(block) is { } fault)
                faults.Add(fault);
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_can_be_executed_or_states_why_not(string name)
    {
        var blocks = Repository.Read(name).Blocks;

        Assert.All(blocks, block =>
        {
            Assert.True(BlockRunner.Languages.Contains(block.Language), $"{block.Location}: the language '{block.Language}' is not one of {string.Join(", ", BlockRunner.Languages)}.");
            Assert.All(block.Markers, marker => Assert.True(DocMarker.Names.Contains(marker.Name), $"{block.Location}: there is no marker '{marker.Name}'."));
            if (block.Marker(DocMarker.File) is { } file)
                Assert.True(blocks.Any(other => other.Line > block.Line && other.Text.Contains(file, StringComparison.Ordinal)), $"{block.Location}: no later block runs {file}.");
        });
    }
}
