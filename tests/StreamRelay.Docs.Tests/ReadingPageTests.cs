namespace StreamRelay.Docs;

/// <summary>The pages about reading.</summary>
public sealed class ReadingPageTests : PageTests
{
    public static TheoryData<string> Pages { get; } = Named(name => name.StartsWith("docs/reading/", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Every_block_does_what_its_page_states(string name) => ExecuteAsync(name);
}
