using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StreamRelay.Server.Clients;

/// <summary>The C# samples that pages show, and the packages that the libraries come in.</summary>
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

    [Fact]
    public async Task The_libraries_are_packed_with_readme_docs_and_symbols()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        string[] libraries = ["Core", "Protocols", "Storage", "Agents", "AspNetCore", "Client"];
        foreach (var library in libraries)
        {
            using var pack = Process.Start(new ProcessStartInfo("dotnet", ["pack", Path.Combine(Root, "src", $"StreamRelay.{library}"), "-c", "Debug", "--no-build", "-o", folder]) { RedirectStandardOutput = true })!;
            var output = await pack.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await pack.WaitForExitAsync();
            Assert.True(pack.ExitCode == 0, output);
            using var package = ZipFile.OpenRead(Directory.EnumerateFiles(folder, $"StreamRelay.{library}.*.nupkg").Single());
            var names = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains($"lib/net10.0/StreamRelay.{library}.xml", names);
            Assert.Single(Directory.EnumerateFiles(folder, $"StreamRelay.{library}.*.snupkg"));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
