using System.Text;

namespace StreamRelay.Agents.Upstream.Answers;

public sealed class BoundedLinesTests
{
    private const int Limit = 1 << 20;

    [Fact]
    public async Task Lines_up_to_the_limit_are_read_however_many_there_are()
    {
        var text = string.Concat(Enumerable.Repeat(new string('x', Limit) + "\n", 3));
        await using var bounded = new BoundedLines(new MemoryStream(Encoding.UTF8.GetBytes(text)), Limit);
        using var reader = new StreamReader(bounded);
        Assert.Equal(text, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_longer_line_is_refused()
    {
        await using var bounded = new BoundedLines(new MemoryStream(Encoding.UTF8.GetBytes("first\n" + new string('x', Limit + 1))), Limit);
        using var reader = new StreamReader(bounded);
        var refusal = await Assert.ThrowsAsync<AgentException>(reader.ReadToEndAsync);
        Assert.Equal("upstream_unsupported", refusal.Code);
        Assert.Contains("a line of more than 1 MiB", refusal.Message, StringComparison.Ordinal);
    }
}
