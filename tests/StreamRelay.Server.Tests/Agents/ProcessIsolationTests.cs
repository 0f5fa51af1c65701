using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Agents;

/// <summary>What a program cannot read, do or use up. The server is a process of its own, run by the user of the tests; programs of another user need root.</summary>
public sealed class ProcessIsolationTests
{
    private const string Secret = "not-for-programs";

    [Fact]
    public async Task A_program_reads_no_secret_of_the_server_and_has_no_privileges()
    {
        const string Script = """
            cat /proc/$PPID/cmdline | tr '\0' ' '; cat /proc/$PPID/environ 2> /dev/null | tr '\0' ' '
            head -c 1 /proc/$PPID/mem > /dev/null 2>&1 && echo memory=$((2 - 1)); ls /proc/$PPID/fd/0 2> /dev/null && echo descriptors=$((2 - 1))
            grep -E 'NoNewPrivs|CapBnd|CapEff' /proc/self/status; ulimit -f; ulimit -c; echo end
            """;
        var output = await RunAsync(Script, [$"--StreamRelay:Model:ApiKey={Secret}", "--ConnectionStrings:Unused", Secret]);

        Assert.Contains("StreamRelay.Server.dll", output, StringComparison.Ordinal);
        Assert.Contains("end", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        Assert.DoesNotContain("memory=1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("descriptors=1", output, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", output, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.EndsWith("0\nend\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_another_user_has_a_folder_of_its_own_and_reads_nothing_of_the_data_folder()
    {
        if (Environment.UserName != "root")
            return;

        const string Script = """
            id -u; id -g; echo mine > out/mine.txt; echo "home $HOME"; cd "$HOME" && echo inside
            cat ../../streamrelay.db > /dev/null 2>&1 && echo database; ls ../.. > /dev/null 2>&1 && echo listed; ls ../../journal > /dev/null 2>&1 && echo journal; echo end
            """;
        var output = await RunAsync(Script, ["--StreamRelay:Agents:program:User=65534:65534"]);

        Assert.StartsWith("65534\n65534\nhome ", output, StringComparison.Ordinal);
        Assert.EndsWith("inside\nend\n", output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string script, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);

        try
        {
            await using var server = await ServerProcess.StartAsync(folder,
            [
                "--StreamRelay:Agents:program:Type=process", "--StreamRelay:Agents:program:Command=sh", "--StreamRelay:Agents:program:Arguments:0=-c",
                $"--StreamRelay:Agents:program:Arguments:1={script}", .. settings,
            ]);
            using var started = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "program", input = "x" });
            var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            var stream = await server.Client.GetStringAsync($"/v1/tasks/{id}/events");
            var events = SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).ToList();
            return string.Concat(events.Where(json => json.TryGetProperty("event_type", out var type) && type.ValueEquals("output")).Select(json => json.GetProperty("content").GetString()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
