namespace StreamRelay.Docs;

/// <summary>The pages directly below <c>docs</c>.</summary>
public sealed class GuidePageTests : PageTests
{
    public static TheoryData<string> Pages { get; } = Named(name => Path.GetDirectoryName(name) == "docs");

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Every_block_does_what_its_page_states(string name) => ExecuteAsync(name);
}
