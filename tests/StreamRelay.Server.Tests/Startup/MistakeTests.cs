using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Startup;

/// <summary>Mistakes of somebody who starts the server for the first time, in the real program: each ends with one line that says the way out.</summary>
public sealed class MistakeTests
{
    [Theory]
    [InlineData("--port 8080", "did you mean --urls=http://127.0.0.1:8080?")]
    [InlineData("--StreamRelay:DatPath=/x", "StreamRelay:DatPath is not a setting; did you mean DataPath?")]
    [InlineData("--urls localhost:7861", "'localhost:7861' is no address to listen on: it needs a scheme, such as http://localhost:7861")]
    [InlineData("--urls USED", "address already in use. Stop the program that listens there, or choose another address, such as --urls=http://127.0.0.1:7861")]
    [InlineData("--StreamRelay:Streams:HeartbeatInterval=15x", "StreamRelay:Streams:HeartbeatInterval", "It must be a duration such as 15s, 5m, 2h or 1d, or 00:00:15.")]
    [InlineData("--StreamRelay:Agents:a:Type=process", "StreamRelay:Agents:a:Command must name the program to run.")]
    [InlineData("--StreamRelay:Agents:a:Type=upstream --StreamRelay:Agents:a:BaseUrl=localhost:1234", "StreamRelay:Agents:a:BaseUrl: It must be an http or https address")]
    public async Task A_mistake_ends_the_start_with_its_correction(string arguments, params string[] expected)
    {
        using var used = new TcpListener(IPAddress.Loopback, 0);
        used.Start();
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(CommandLine).Assembly.Location, .. arguments.Replace("USED", $"http://{used.LocalEndpoint}").Split(' ')])
            start.ArgumentList.Add(argument);

        start.Environment["StreamRelay__DataPath"] = folder;
        using var server = Process.Start(start)!;
        var errors = server.StandardError.ReadToEndAsync();
        var output = await server.StandardOutput.ReadToEndAsync().WaitAsync(Relay.Deadline) + await errors;
        await server.WaitForExitAsync().WaitAsync(Relay.Deadline);

        Assert.Equal(1, server.ExitCode);
        Assert.All(expected, part => Assert.Contains(part, output));
        Assert.DoesNotContain("   at ", output);
        Directory.Delete(folder, recursive: true);
    }
}
