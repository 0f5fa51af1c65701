using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs;

/// <summary>What pages point to is there.</summary>
public sealed class LinkTests
{
    private const int LargestReadme = 6 * 1024;

    public static TheoryData<string> Pages { get; } = [.. Repository.PageNames];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings_that_exist(string name)
    {
        var page = Repository.Read(name);

        Assert.All(page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)), link =>
        {
            var (path, anchor) = Target(name, link);
            Assert.True(Repository.Exists(path), $"{name} links to {link}, and {path} does not exist.");
            if (anchor.Length > 0)
                Assert.Contains(anchor, Repository.Read(path).Anchors);
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Paths_in_the_text_and_in_skipped_blocks_exist(string name)
    {
        var page = Repository.Read(name);

        Assert.All(page.Paths, path => Assert.True(Repository.Exists(path), $"{name} names {path}, which does not exist."));
        Assert.All(page.Blocks.Where(block => block.Marker(DocMarker.Skip) is not null), block =>
            Assert.All(block.Text.Split(' ', '\n').Where(word => word.StartsWith("src/", StringComparison.Ordinal) || word.StartsWith("tests/", StringComparison.Ordinal)), path =>
                Assert.True(Repository.Exists(path), $"{block.Location} names {path}, which does not exist.")));
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme()
    {
        HashSet<string> reached = ["README.md"];
        Queue<string> open = new(reached);
        while (open.TryDequeue(out var name))
        {
            foreach (var path in Repository.Read(name).Links.Select(link => Target(name, link).Path).Where(path => Repository.PageNames.Contains(path) && reached.Add(path)))
                open.Enqueue(path);
        }

        Assert.Equal(Repository.PageNames.Order(), reached.Order());
    }

    [Fact]
    public void The_readme_is_a_front_page() => Assert.InRange(new FileInfo(Path.Combine(Repository.Root, "README.md")).Length, 1, LargestReadme);

    private static (string Path, string Anchor) Target(string page, string link)
    {
        var parts = link.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0])));
        return (path, parts.Length > 1 ? parts[1] : "");
    }
}
