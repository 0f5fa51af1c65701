using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Logging;

/// <summary>The server's log: one line per request, without secrets, where the section <c>Serilog</c> directs it.</summary>
public sealed class RequestLoggingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    private string LogPath => Path.Combine(_folder.FullName, "server.log");

    [Fact]
    public async Task A_request_is_one_line_with_its_target_status_duration_request_id_and_task_id()
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.PostAsync("/v1/chat/completions", RelayApp.Json(RelayApp.Chat("count 2 0")));
        var request = answer.Headers.GetValues("X-Request-Id").Single();
        var task = answer.Headers.GetValues("X-Task-Id").Single();

        var line = Assert.Single(await LinesAsync(request), line => line.Contains(request, StringComparison.Ordinal));
        Assert.Matches($@"^INF POST /v1/chat/completions 200 in \d+ ms \({request} {task}\)$", line);
    }

    [Fact]
    public async Task A_response_that_is_aborted_on_purpose_is_one_line_without_an_exception()
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.SendAsync(new(HttpMethod.Post, "/v1/chat/completions") { Content = RelayApp.Json(RelayApp.Chat("fail 2 0")) }, HttpCompletionOption.ResponseHeadersRead);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
        var request = answer.Headers.GetValues("X-Request-Id").Single();

        var lines = await LinesAsync(request);
        var line = Assert.Single(lines, line => line.Contains(request, StringComparison.Ordinal));
        Assert.Matches(@"^INF POST /v1/chat/completions 200 cut on purpose in \d+ ms ", line);
        Assert.DoesNotContain(lines, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_ticket_is_logged_whichever_component_logs_the_request()
    {
        // At this level the hosting layer logs each request too, with its query.
        await using var server = await StartAsync("--Serilog:MinimumLevel:Override:Microsoft=Information");
        using var answer = await server.Client.GetAsync("/v1/tasks/none/events?after=1&ticket=secret&TICKET=secret");

        var lines = await LinesAsync(answer.Headers.GetValues("X-Request-Id").Single());
        Assert.Contains(lines, line => line.Contains(" GET /v1/tasks/none/events?after=1&ticket=***&TICKET=*** ", StringComparison.Ordinal));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"Request starting .*\?after=1&ticket=\*\*\*"));
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET  ?ticket=secret HTTP/1.1\r\n\r\n")]
    [InlineData("GET v1?ticket=secret HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nAuthorization Bearer secret\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: ?ticket=secret\r\n\r\n")]
    public async Task No_key_or_ticket_of_a_malformed_request_is_logged_at_any_level(string request)
    {
        await using var server = await StartAsync("--Logging:LogLevel:Default=Trace", "--Serilog:MinimumLevel:Default=Verbose", "--Serilog:MinimumLevel:Override:Microsoft=Verbose");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            using var answer = new StreamReader(client.GetStream());
            Assert.StartsWith("HTTP/1.1 400", await answer.ReadLineAsync().WaitAsync(Relay.Deadline));
        }

        using var next = await server.Client.GetAsync("/v1/models");
        var lines = await LinesAsync(next.Headers.GetValues("X-Request-Id").Single());
        Assert.Contains(lines, line => line.StartsWith("DBG", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_control_character_of_a_url_is_logged_whichever_component_logs_the_request()
    {
        await using var server = await StartAsync("--Serilog:MinimumLevel:Override:Microsoft=Information");
        using var answer = await server.Client.GetAsync("/v1/tasks/%1B%5B2J%0AERR%20forged%E2%80%AE/events");

        var lines = await LinesAsync(answer.Headers.GetValues("X-Request-Id").Single());
        Assert.Contains(lines, line => Regex.IsMatch(line, @"Request (starting|finished) .*\\u001b\[2J\\u000aERR forged\\u202e"));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b') || line.Contains('\u202e') || line.StartsWith("ERR", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configuration_sets_the_level()
    {
        await using (var server = await StartAsync("--Serilog:MinimumLevel:Override:Serilog.AspNetCore=Warning"))
        {
            (await server.Client.GetAsync("/health/live")).EnsureSuccessStatusCode();
            (await server.Client.GetAsync("/v1/models")).EnsureSuccessStatusCode();
        }

        Assert.Contains(Lines(), line => line.Contains("Application started", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(), line => line.Contains("/health/live", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<ServerProcess> StartAsync(params string[] options) => ServerProcess.StartAsync(_folder.FullName,
    [
        "--Serilog:WriteTo:0:Name=File", $"--Serilog:WriteTo:0:Args:path={LogPath}",
        "--Serilog:WriteTo:0:Args:outputTemplate={Level:u3} {Message:lj}{NewLine}{Exception}", .. options,
    ]);

    /// <summary>Returns all lines once the request's own is among them, which is written after the client has the response.</summary>
    private async Task<string[]> LinesAsync(string request)
    {
        await Wait.UntilAsync(
            () => Task.FromResult(Lines().Any(line => line.Contains($"({request} ", StringComparison.Ordinal))), Relay.Deadline, $"a line for {request}");
        return Lines();
    }

    private string[] Lines()
    {
        using var file = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
