using System.Text;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Conversations;

public sealed class TaskTitleTests
{
    [Theory]
    [InlineData("Write a tutorial about MySQL", "Write a tutorial about MySQL")]
    [InlineData("  First line \r\nsecond line", "First line")]
    [InlineData("one\u2028two", "one")]
    public void The_title_is_the_first_line(string text, string title) => Assert.Equal(title, TaskTitle.From(Relay.Text(text)));

    [Fact]
    public void A_long_line_is_cut_after_a_word()
    {
        var title = TaskTitle.From(Relay.Text(string.Concat(Enumerable.Repeat("word ", 40))))!;

        Assert.EndsWith("word…", title, StringComparison.Ordinal);
        Assert.InRange(title.Length, TaskTitle.MaxLength - 5, TaskTitle.MaxLength);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("😀")]
    [InlineData("a😀")]
    public void A_long_line_without_spaces_is_cut_between_characters(string unit)
    {
        var title = TaskTitle.From(Relay.Text(string.Concat(Enumerable.Repeat(unit, 100))))!;

        Assert.InRange(title.Length, TaskTitle.MaxLength - 1, TaskTitle.MaxLength);
        Assert.Equal(title, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(title)));
    }

    [Fact]
    public void The_last_user_message_counts() =>
        Assert.Equal("two", Title("""[{"role":"user","content":"one"},{"role":"assistant","content":"answer"},{"role":"user","content":[{"type":"text","text":"two"}]},{"role":"tool","content":"three"}]"""));

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("\"  \"")]
    [InlineData("{}")]
    [InlineData("[{\"role\":\"assistant\",\"content\":\"answer\"}]")]
    public void An_input_without_text_has_no_title(string input) => Assert.Null(Title(input));

    [Fact]
    public async Task A_task_keeps_the_title_of_its_input()
    {
        await using var relay = await Relay.StartAsync((_, _) => Task.CompletedTask);

        var task = await relay.EndAsync(await relay.RunAsync("Compare two databases\nin a table"));

        Assert.Equal("Compare two databases", task.Request.Title);
    }

    private static string? Title(string json) => TaskTitle.From(new TaskInput(Encoding.UTF8.GetBytes(json)));
}
