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

    [Fact]
    public void A_block_that_does_something_else_than_its_page_states_is_found()
    {
        Assert.Equal(0, OutputSample.Compare("one\n…\nthree …\n", "zero\none\ntwo\nthree blind mice\n").ExitCode);
        Assert.Equal(1, OutputSample.Compare("one\nthree\n", "one\ntwo\nthree\n").ExitCode);
        Assert.Equal(1, OutputSample.Compare("one\n", "someone\n").ExitCode);
        Assert.Null(DocMarker.Parse("<!-- a comment -->"));
        Assert.Equal(new DocMarker("expect", "data: [DONE]"), DocMarker.Parse("<!-- expect: data: [DONE] -->"));
    }
}
