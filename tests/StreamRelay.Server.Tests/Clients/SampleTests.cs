using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StreamRelay.Server.Clients;

/// <summary>The C# samples that pages show.</summary>
public sealed class SampleTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    [Theory]
    [InlineData("greeter", "README.md")]
    [InlineData("chat-client", "docs/reading/openai-chat.md")]
    [InlineData("embedding", "docs/embedding.md")]
    public async Task A_page_shows_the_sample_as_it_is(string sample, string page) =>
        Assert.Contains($"```csharp\n{await File.ReadAllTextAsync(Path.Combine(Root, "tests", "samples", sample, "Program.cs"))}```", await File.ReadAllTextAsync(Path.Combine(Root, page)));

    [Fact]
    public async Task The_sample_of_ten_lines_is_a_server_whose_agent_answers()
    {
        await using var greeter = await SampleProcess.StartAsync("greeter", "Greeter.dll");

        using var answer = await greeter.Client.PostAsJsonAsync("/v1/chat/completions", new { model = "greet", messages = new[] { new { role = "user", content = "hi" } } });

        Assert.Equal("Hello!", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
