using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Logging;

/// <summary>What the server's log says to somebody who has started it, and about a task that failed.</summary>
public sealed class StartupLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    [Fact]
    public async Task The_start_names_the_address_data_agents_and_model_and_a_request_that_works()
    {
        await using var server = await ServerProcess.StartAsync(_folder.FullName);
        var lines = await StartAsync(server);

        Assert.EndsWith($"INF StreamRelay listens on {server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}", lines[0]);
        Assert.Contains(_folder.FullName, lines[1]);
        Assert.Equal("  Agents  probe, write_tutorial", lines[2]);
        Assert.StartsWith("  Model   none; for one: --StreamRelay:Model:BaseUrl=", lines[3]);
        var request = Assert.Single(Regex.Matches(lines[4], "^  Try     (curl .*)$")).Groups[1].Value;
        using var curl = Process.Start(new ProcessStartInfo("bash", ["-c", request]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.Contains("data: [DONE]", await curl.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task The_start_shows_no_secret_of_the_address_of_a_model()
    {
        await using var server = await ServerProcess.StartAsync(_folder.FullName, "--StreamRelay:Model:BaseUrl=http://me:secret@127.0.0.1:9/v1?key=secret", "--StreamRelay:Model:Model=small");
        var lines = await StartAsync(server);

        Assert.Equal("  Model   small at http://127.0.0.1:9/v1", lines[3]);
        Assert.DoesNotContain("secret", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_task_leaves_its_reason_and_what_caused_it()
    {
        await using var server = await ServerProcess.StartAsync(_folder.FullName,
            "--StreamRelay:Agents:up:Type=upstream", "--StreamRelay:Agents:up:BaseUrl=http://127.0.0.1:9/v1", "--StreamRelay:Agents:up:Model=m", "--StreamRelay:Agents:up:MaxRetries=0");
        using var answer = await server.Client.PostAsync("/v1/chat/completions", RelayApp.Json("""{"model":"up","messages":[{"role":"user","content":"hello"}]}"""));
        var task = answer.Headers.GetValues("X-Task-Id").Single();

        await Wait.UntilAsync(() => Task.FromResult(server.Output.Contains($"WRN Task {task} of agent up failed: upstream_unavailable", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "the failure is logged");
        Assert.Contains($"WRN The cause of upstream_unavailable of agent up in task {task}: Connection refused (127.0.0.1:9)", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("GET")]
    public async Task The_origin_of_a_page_that_is_refused_is_logged_once_with_the_setting_that_admits_it(string method)
    {
        await using var server = await ServerProcess.StartAsync(_folder.FullName);
        foreach (var page in (string[])["http://localhost:5173", "http://localhost:5173", "http://localhost:5174"])
        {
            using var request = new HttpRequestMessage(new(method), "/v1/tasks") { Headers = { { "Origin", page }, { "Access-Control-Request-Method", "POST" } } };
            using var answer = await server.Client.SendAsync(request);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }

        static string Line(int port) => $"WRN A page of http://localhost:{port} is refused. To serve the pages of this origin, add it to StreamRelay:Auth:Origins";
        await Wait.UntilAsync(() => Task.FromResult(server.Output.Contains(Line(5174), StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "the refusals are logged");
        Assert.Equal(2, server.Output.Split(Line(5173)).Length);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string[]> StartAsync(ServerProcess server)
    {
        await Wait.UntilAsync(() => Task.FromResult(server.Output.Contains("  Try ", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), "the start is logged");
        return [.. server.Output.Split('\n').SkipWhile(line => !line.Contains("StreamRelay listens on", StringComparison.Ordinal)).Take(5)];
    }
}
