using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Packages;

/// <summary>The packages, as an application and a machine without the checkout get them.</summary>
public sealed class PackageTests(PackageFeed packages) : IClassFixture<PackageFeed>
{
    private const string Tool = "StreamRelay";

    private static readonly string[] Metadata = ["authors", "description", "icon", "readme", "releaseNotes", "tags"];
    private static readonly string[] Files = ["README.md", "icon.png"];

    [Fact]
    public void Each_package_says_what_it_is()
    {
        var files = Directory.GetFiles(Path.Combine(packages.Folder, "feed"), "*.nupkg");

        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("StreamRelay.AspNetCore.", StringComparison.Ordinal));
        Assert.All(files, file =>
        {
            using var package = ZipFile.OpenRead(file);
            using var manifest = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            var metadata = XDocument.Load(manifest).Root!.Elements().First();
            var names = metadata.Elements().Where(element => element.Value.Length > 0).Select(element => element.Name.LocalName);
            Assert.Empty(Metadata.Except(names));
            var (id, entries) = (metadata.Elements().Single(element => element.Name.LocalName == "id").Value, package.Entries.Select(entry => entry.FullName).ToList());
            Assert.Empty(Files.Except(entries));
            Assert.True(id == Tool || entries.Contains($"lib/net10.0/{id}.xml"), $"{id} has no documentation.");
            Assert.True(id == Tool || File.Exists(Path.ChangeExtension(file, ".snupkg")), $"{id} has no symbols.");
        });
    }

    [Fact]
    public async Task An_empty_application_and_its_tests_need_the_packages_alone()
    {
        var output = await Dotnet.RunAsync(Path.Combine(packages.Folder, "shop-checks"), "test", "--nologo");

        Assert.Contains("Passed:     2", output);
        string[] built = [.. Directory.EnumerateFiles(Path.Combine(packages.Folder, "shop", "bin"), "*.dll", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        Assert.Contains("StreamRelay.AspNetCore", built);
        Assert.DoesNotContain(built, name => name is "Npgsql" or "StackExchange.Redis" or "StreamRelay.Cluster");
    }

    [Fact]
    public async Task The_installed_tool_serves_the_pages_and_an_agent()
    {
        var tools = Path.Combine(packages.Folder, "tools");
        await Dotnet.RunAsync(packages.Folder, "tool", "install", Tool, "--tool-path", tools);
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        string[] arguments = [$"--urls={address}", $"--StreamRelay:DataPath={packages.Folder}/data"];
        using var server = Process.Start(new ProcessStartInfo(Path.Combine(tools, "streamrelay"), arguments) { RedirectStandardOutput = true })!;
        try
        {
            while (await server.StandardOutput.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line && !line.Contains("Application started", StringComparison.Ordinal))
                continue;

            using var client = new HttpClient { BaseAddress = address };
            Assert.Contains("<!doctype html>", await client.GetStringAsync("/"));
            using var answer = await client.PostAsync("/v1/chat/completions", RelayApp.Json("""{"model":"write_tutorial","stream":true,"messages":[{"role":"user","content":"MySQL"}]}"""));
            Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync());
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }
}
