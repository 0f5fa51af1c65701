using System.Text;

namespace StreamRelay.Files;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("MySQL: a tutorial", "mysql-a-tutorial.md")]
    [InlineData("  ../../etc/passwd  ", "etc-passwd.md")]
    [InlineData("学习 MySQL", "学习-mysql.md")]
    [InlineData("CON", "file-con.md")]
    [InlineData("???", "file.md")]
    [InlineData("", "file.md")]
    [InlineData("😀 smile", "smile.md")]
    public void A_title_becomes_a_safe_name(string title, string name)
    {
        Assert.Equal(name, FileName.FromTitle(title, ".md"));
        Assert.True(FileName.IsSafe(name));
    }

    [Fact]
    public void A_long_title_is_cut_between_characters()
    {
        var name = FileName.FromTitle(new string('学', 500), ".md");
        Assert.True(FileName.IsSafe(name));
        Assert.EndsWith(".md", name);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 150, 200);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("nul.txt")]
    [InlineData("end ")]
    [InlineData("a:b")]
    [InlineData("a\u202Eb")]
    public void Names_that_leave_their_folder_or_trip_a_file_system_are_not_safe(string name) => Assert.False(FileName.IsSafe(name));
}
