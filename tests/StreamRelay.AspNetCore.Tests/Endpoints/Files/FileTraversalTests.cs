namespace StreamRelay.AspNetCore.Endpoints.Files;

public class FileTraversalTests
{
    [Theory]
    [InlineData("../a.md")]
    [InlineData("../../{1}/a.md")]
    [InlineData("%2e%2e/{1}/a.md")]
    [InlineData("..%2f{1}%2fa.md")]
    [InlineData("..%2F{1}%2Fa.md")]
    [InlineData("..%5c{1}%5ca.md")]
    [InlineData(@"..\{1}\a.md")]
    [InlineData("%252e%252e%252f{1}%252fa.md")]
    [InlineData("..%c0%af{1}%c0%afa.md")]
    [InlineData("%ef%bc%8e%ef%bc%8e%ef%bc%8f{1}%ef%bc%8fa.md")]
    [InlineData("%e2%80%ae/a.md")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("//etc/passwd")]
    [InlineData("C:%5cWindows%5cwin.ini")]
    [InlineData("file:%2f%2f%2fetc%2fpasswd")]
    [InlineData("./..")]
    [InlineData("%2e/x/%2e%2e/request")]
    [InlineData("a.md%2f..%2f..%2f{1}%2fa.md")]
    [InlineData("a.md.")]
    [InlineData("a.md%20")]
    [InlineData("A.md")]
    [InlineData("a.md::$DATA")]
    [InlineData("request")]
    public async Task No_file_name_leads_out_of_the_folder_of_its_task(string name)
    {
        await using var app = await AccessApp.StartWithKeysAsync();
        var mine = await app.AddTaskAsync("ada", "mine", names: "a.md");
        var other = await app.AddTaskAsync("bob", "secret", names: "a.md");

        foreach (var folder in new[] { $"/download/{mine}/", $"/v1/tasks/{mine}/files/" })
        {
            var answer = await RawRequest.GetAsync(app.Address, folder + name.Replace("{1}", other, StringComparison.Ordinal), app.Ada.Key);
            Assert.Equal(404, RawRequest.Status(answer));
            Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
            Assert.Contains("\"error\":{", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.md%00")]
    [InlineData("%00/a.md")]
    public async Task A_zero_byte_is_refused_before_any_route(string name)
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", names: "a.md");

        var answer = await RawRequest.GetAsync(app.Address, $"/download/{task}/{name}");

        Assert.Equal(400, RawRequest.Status(answer));
    }

    [Fact]
    public async Task A_file_that_the_store_has_lost_is_a_404()
    {
        await using var app = await AccessApp.StartAsync();
        var task = await app.AddTaskAsync("local", names: "a.md");
        await app.LoseFilesAsync(task);

        using var answer = await app.SendAsync($"/download/{task}/a.md");

        Assert.Equal("file_not_found", await answer.CodeAsync());
    }
}
