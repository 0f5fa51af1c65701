using StreamRelay.Docs.Blocks;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs;

/// <summary>No fenced block is left out without a reason.</summary>
public sealed class BlockTests
{
    public static TheoryData<string> Pages { get; } = [.. Repository.PageNames];

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

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_comment_is_a_marker_directly_above_its_block(string name)
    {
        var page = Repository.Read(name);

        Assert.All(page.Prose, line =>
        {
            Assert.False(line.Contains("```", StringComparison.Ordinal), $"{name}: a block has to begin at the start of its line: {line}");
            Assert.True(!line.StartsWith("<!--", StringComparison.Ordinal) || DocMarker.Parse(line) is not null, $"{name}: this is not a marker: {line}");
        });
        Assert.Equal(page.Prose.Count(line => DocMarker.Parse(line) is not null), page.Blocks.Sum(block => block.Markers.Count));
    }

    [Fact]
    public async Task A_block_that_does_something_else_than_its_page_states_is_found()
    {
        var page = DocPage.Parse("wrong.md", """
            <!-- expect: no -->
            ```sh
            echo yes
            ```
            ```text
            no
            ```
            ```sh
            false
            ```
            ```json
            { "StreamRelay": { "Streams": { "HartbeatInterval": "00:00:10" } } }
            ```
            ```python
            print(
            ```
            """);
        await using var session = await PageSession.OpenAsync(page, DocsFixture.Servers);
        var runner = new BlockRunner(session, DocsFixture.Programs);

        foreach (var block in page.Blocks)
            Assert.StartsWith(block.Location, await runner.RunAsync(block));
    }

    [Fact]
    public void Output_is_compared_line_by_line()
    {
        Assert.Equal(0, OutputSample.Compare("one\n…\nthree …\n", "zero\none\ntwo\nthree blind mice\n").ExitCode);
        Assert.Equal(1, OutputSample.Compare("one\nthree\n", "one\ntwo\nthree\n").ExitCode);
        Assert.Equal(1, OutputSample.Compare("one\n", "someone\n").ExitCode);
        Assert.Null(DocMarker.Parse("<!-- a comment -->"));
        Assert.Equal(new DocMarker("expect", "data: [DONE]"), DocMarker.Parse("<!-- expect: data: [DONE] -->"));
    }
}
