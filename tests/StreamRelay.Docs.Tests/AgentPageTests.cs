namespace StreamRelay.Docs;

/// <summary>The pages about agents, and the README, which shows one.</summary>
public sealed class AgentPageTests : PageTests
{
    public static TheoryData<string> Pages { get; } = Named(name => name.StartsWith("docs/agents/", StringComparison.Ordinal) || name == "README.md");

    [Theory]
    [MemberData(nameof(Pages))]
    public Task Every_block_does_what_its_page_states(string name) => ExecuteAsync(name);
}
