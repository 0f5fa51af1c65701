using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Agents;

/// <summary>Agents of the type <c>process</c>.</summary>
public sealed class ProcessAgentTests
{
    [Theory]
    [InlineData("python3", "agent.py")]
    [InlineData("node", "agent.mjs")]
    [InlineData("sh", "agent.sh")]
    public async Task The_samples_answer_and_leave_a_file(string command, string file)
    {
        using var app = App(command, Path.Combine(JavaScriptClients.Folder, "..", "samples", "process", file));
        var id = await app.StartAsync("hello big world", "program");
        var task = await app.TaskAsync(id);
        Assert.True(task.GetProperty("status").GetString() == "completed", task.ToString());
        var events = Events(await app.ReadAsync(id));
        Assert.Equal("thought", Type(events[1]));
        Assert.Equal("HELLO\nBIG\nWORLD\n", Output(events));
        var stored = Assert.Single(task.GetProperty("files").EnumerateArray());
        Assert.Equal(("answer.txt", "text/plain; charset=utf-8"), (stored.GetProperty("name").GetString(), stored.GetProperty("media_type").GetString()));
        Assert.Equal("HELLO BIG WORLD", await app.Client.GetStringAsync(stored.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task The_request_is_one_document_and_the_environment_holds_nothing_of_the_server_s()
    {
        Environment.SetEnvironmentVariable("OPENAI_API_KEY_OF_A_TEST", "secret");
        using var app = Shell("cat; echo; env", ("Environment:GIVEN", "yes"));
        using var started = await app.PostAsync("/v1/tasks", """{"agent":"program","input":[{"role":"user","content":"hi"}],"session_id":"s","metadata":{"a":1}}""");
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await app.TaskAsync(id);
        var output = Output(Events(await app.ReadAsync(id)));
        Assert.StartsWith($$$"""{"task_id":"{{{id}}}","agent":"program","attempt":1,"session_id":"s","input":[{"role":"user","content":"hi"}],"metadata":{"a":1}}""" + "\n", output);
        Assert.Contains($"STREAMRELAY_TASK_ID={id}\n", output);
        Assert.Contains("GIVEN=yes\n", output);
        Assert.DoesNotContain("secret", output);
        Assert.DoesNotContain("DOTNET", output);
    }

    [Theory]
    [InlineData("""echo '{"event_type":"step_start","step":"1","content":"One"}'; echo '{"no":"event"}'; printf 'half'""", "step_start,output,output", "{\"no\":\"event\"}\nhalf")]
    [InlineData("""printf '\303'; sleep 0.1; printf '\251\n\360\237\230'; sleep 0.1; printf '\200'""", "output", "é\n😀")]
    [InlineData("""printf 'a\377b\n'""", "output", "a\uFFFDb\n")]
    [InlineData("""printf 'no line break yet'; read -r never < /dev/null; exit 0""", "output", "no line break yet")]
    [InlineData("""exec 0<&-; echo unread""", "output", "unread\n")]
    [InlineData("""printf ' {"event_type":"thought","content":"a\377b"}\n'; echo done""", "thought,output", "done\n")]
    [InlineData("""python3 -c "print('{' + 'x' * 2000000)" """, "output", null)]
    public async Task Any_output_of_a_process_becomes_valid_events(string script, string types, string? text)
    {
        using var app = Shell(script);
        var id = await app.StartAsync("x", "program");
        var task = await app.TaskAsync(id);
        Assert.True(task.GetProperty("status").GetString() == "completed", task.ToString());
        var events = Events(await app.ReadAsync(id));
        Assert.Equal(types.Split(',').Distinct(), events.Select(Type).Where(type => type is not ("start" or "usage" or "end")).Distinct());
        Assert.Equal(text ?? "{" + new string('x', 2_000_000) + "\n", Output(events));
    }

    [Theory]
    [InlineData("echo said; echo 'first' >&2; echo 'why' >&2; exit 3", "process_failed", "The process ended with code 3.\nfirst\nwhy")]
    [InlineData("printf 'half a line'; kill -9 $$", "process_failed", "The process ended with code 137 (SIGKILL).")]
    [InlineData("""echo '{"event_type":"error","code":"mine","content":"My fault."}'""", "mine", "My fault.")]
    [InlineData("""echo ok; echo '{"event_type":"step_start"}'; sleep 100""", "invalid_event", "Line 2 of the process's output is not a valid event: 'step' is required for step_start.")]
    [InlineData("""python3 -c "print('{\"event_type\":\"output\",\"content\":\"' + 'x' * 2000000 + '\"}')"; sleep 100""", "invalid_event", "Line 1 of the process's output is not a valid event: it is longer than 1048576 bytes.")]
    [InlineData("""python3 -c "print('{\"event_type\":\"output\",\"content\":\"\",\"agent_name\":\"' + 'x' * 70000 + '\"}')"; sleep 100""", "invalid_event", "Line 1 of the process's output is not a valid event: 'agent_name' is longer than 255 characters.")]
    public async Task A_failure_is_reported_and_the_output_before_it_is_kept(string script, string code, string message)
    {
        using var app = Shell(script);
        var id = await app.StartAsync("x", "program");
        var error = (await app.TaskAsync(id)).GetProperty("error");
        Assert.Equal((code, message), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        if (script.StartsWith("printf", StringComparison.Ordinal))
            Assert.Equal("half a line", Output(Events(await app.ReadAsync(id))));
    }

    [Fact]
    public async Task A_program_that_is_gone_is_named()
    {
        var command = Path.Combine(Directory.CreateTempSubdirectory("streamrelay-").FullName, "program");
        File.Copy("/bin/true", command);
        using var app = App(command);
        Directory.Delete(Path.GetDirectoryName(command)!, recursive: true);

        var error = (await app.TaskAsync(await app.StartAsync("x", "program"))).GetProperty("error");
        Assert.Equal(("process_not_started", $"The process could not be started: there is no command '{command}'."), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task The_exit_of_a_process_sets_the_finish_reason_and_its_standard_error_becomes_log_events()
    {
        using var app = Shell("""echo careful >&2; echo '{"event_type":"end","finish_reason":"length"}'""");
        var id = await app.StartAsync("x", "program");
        await app.TaskAsync(id);
        var events = Events(await app.ReadAsync(id));
        var line = Assert.Single(events, json => Type(json) == "log");
        Assert.Equal(("careful", "warning", "program"), (line.GetProperty("content").GetString(), line.GetProperty("level").GetString(), line.GetProperty("category").GetString()));
        Assert.Equal("length", events[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task A_flood_of_standard_error_lines_does_not_block_the_process()
    {
        using var app = Shell("""python3 -c "import sys; sys.stderr.write('x' * 99 + chr(10)) if False else [sys.stderr.write('x' * 99 + chr(10)) for _ in range(300000)]"; echo done""");
        var id = await app.StartAsync("x", "program");
        Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
        Assert.Equal("done\n", Output(Events(await app.ReadAsync(id))));
    }

    [Fact]
    public async Task A_hundred_megabytes_end_in_output_limit_within_bounded_memory()
    {
        using var app = Shell("""head -c 100000000 /dev/zero | tr '\0' 'x'""");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var task = await app.TaskAsync(await app.StartAsync("x", "program"));
        Assert.Equal("output_limit", task.GetProperty("error").GetProperty("code").GetString());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public async Task A_stop_ends_the_process_group_even_if_it_ignores_the_signal_and_late_usage_counts()
    {
        using var polite = Shell("""trap 'echo "{\"event_type\":\"usage\",\"prompt_tokens\":3,\"completion_tokens\":4}"; exit' TERM; echo up; while :; do sleep 0.01; done""");
        var id = await polite.StartAsync("x", "program");
        await SeeAsync(polite, id, "up");
        using var stopped = await polite.PostAsync($"/v1/tasks/{id}/stop", "");
        Assert.Equal(7, (await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage").GetProperty("total_tokens").GetInt32());

        using var stubborn = Shell("""trap '' TERM; (trap '' TERM; sleep 1000) & echo up; while :; do sleep 1000; done""", ("KillGrace", "00:00:00.200"));
        id = await stubborn.StartAsync("x", "program");
        await SeeAsync(stubborn, id, "up");
        Assert.NotEmpty(Of(id));
        using var killed = await stubborn.PostAsync($"/v1/tasks/{id}/stop", "");
        Assert.Equal("stopped", (await killed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
        await GoneAsync(id);
    }

    [Fact]
    public async Task Processes_that_a_program_leaves_running_are_killed_even_outside_its_group()
    {
        using var app = Shell("sleep 1000 & setsid sleep 1000 & echo done");
        var id = await app.StartAsync("x", "program");
        Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
        await GoneAsync(id);
    }

    [Theory]
    [InlineData("ln -s /etc/passwd out/link; mkdir out/folder; echo a > 'out/.hidden:x.md'; echo b > out/ok.csv", "hidden-x.md,ok.csv")]
    [InlineData("echo a > out/a:b.txt; echo b > 'out/a?b.txt'; mkfifo out/pipe", "a-b.txt,a-b-2.txt")]
    [InlineData("rmdir out; ln -s /etc out", "")]
    [InlineData("rmdir out", "")]
    [InlineData("echo a > out/plain; ln out/plain out/same; ln /etc/passwd out/theirs 2> /dev/null; rm -f out/theirs", "plain,same")]
    public async Task Only_plain_files_in_the_output_folder_are_kept_under_safe_names(string script, string names)
    {
        using var app = Shell(script);
        var task = await app.TaskAsync(await app.StartAsync("x", "program"));
        Assert.True(task.GetProperty("status").GetString() == "completed", task.ToString());
        Assert.Equal(names, string.Join(',', task.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString())));
    }

    [Theory]
    [InlineData("truncate -s 500M out/sparse; echo a > out/before", "sparse", "StreamRelay:Files:MaxFileBytes", "before")]
    [InlineData("head -c 600 /dev/zero > out/a; head -c 600 /dev/zero > out/b", "b", "StreamRelay:Files:MaxTaskBytes", "a")]
    [InlineData("echo a > out/a; echo b > out/b; echo c > out/c", "c", "StreamRelay:Files:MaxTaskFiles", "a,b")]
    public async Task A_file_that_exceeds_a_limit_fails_the_task_with_the_name_of_the_setting_and_is_not_stored(string script, string file, string setting, string names)
    {
        var settings = Settings("sh", ["-c", script], []);
        settings["StreamRelay:Files:MaxTaskBytes"] = "1000";
        settings["StreamRelay:Files:MaxTaskFiles"] = "2";
        settings["StreamRelay:Files:MaxFileBytes"] = "800";
        using var app = new RelayApp(settings);
        var task = await app.TaskAsync(await app.StartAsync("x", "program"));
        var error = task.GetProperty("error");
        Assert.Equal("file_limit", error.GetProperty("code").GetString());
        Assert.StartsWith($"The file '{file}' ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(setting, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(names, string.Join(',', task.GetProperty("files").EnumerateArray().Select(stored => stored.GetProperty("name").GetString())));
    }

    [Fact]
    public async Task An_owner_s_files_have_a_limit_in_sum_and_deleting_a_task_makes_room()
    {
        var settings = Settings("sh", ["-c", "head -c 600 /dev/zero > out/a"], []);
        settings["StreamRelay:Files:MaxOwnerBytes"] = "1000";
        using var app = new RelayApp(settings);
        var first = await app.StartAsync("x", "program");
        Assert.Equal("completed", (await app.TaskAsync(first)).GetProperty("status").GetString());
        var refused = (await app.TaskAsync(await app.StartAsync("x", "program"))).GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("StreamRelay:Files:MaxOwnerBytes", refused, StringComparison.Ordinal);

        using var deleted = await app.Client.DeleteAsync($"/v1/tasks/{first}");
        Assert.Equal("completed", (await app.TaskAsync(await app.StartAsync("x", "program"))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_process_that_left_the_group_without_the_task_id_does_not_delay_the_end()
    {
        using var app = Shell("setsid env -i sleep 100.25 & sleep 0.1; echo done");
        var id = await app.StartAsync("x", "program");
        Assert.Equal("completed", (await app.TaskAsync(id, "?wait=30")).GetProperty("status").GetString());
        Assert.Equal("done\n", Output(Events(await app.ReadAsync(id))));
        Assert.Empty(Running("sleep 100.25"));
    }

    [Fact]
    public async Task A_server_that_shuts_down_ends_its_processes_even_those_that_ignore_the_signal()
    {
        string id;
        using (var app = Shell("trap '' TERM; (trap '' TERM; sleep 1000) & echo up; while :; do sleep 1000; done"))
        {
            id = await app.StartAsync("x", "program");
            await SeeAsync(app, id, "up");
        }

        await GoneAsync(id);
    }

    [Theory]
    [InlineData("MaxFileBytes=2048", "head -c 5000 /dev/zero > big; wc -c < big", "2048")]
    [InlineData("MaxMemoryBytes=300000000", "python3 -c 'b = bytes(500000000); print(1)' 2> /dev/null || echo none", "none")]
    [InlineData("MaxCpuTime=00:00:01", "sh -c 'while :; do :; done'; echo killed", "killed")]
    public async Task A_program_is_limited(string limit, string script, string output)
    {
        var option = limit.Split('=');
        using var app = Shell(script, (option[0], option[1]));
        var id = await app.StartAsync("x", "program");
        Assert.Contains(output, Output(Events(await app.ReadAsync(id))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_line_on_standard_error_is_split_between_characters()
    {
        using var app = Shell("""python3 -c "import sys; sys.stderr.write('😀' * 5000)" """);
        var id = await app.StartAsync("x", "program");
        await app.TaskAsync(id);
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 5000)),
            string.Concat(Events(await app.ReadAsync(id)).Where(json => Type(json) == "log").Select(json => json.GetProperty("content").GetString())));
    }

    [Fact]
    public async Task Two_hundred_run_at_once()
    {
        using var app = Shell("""read -r line; echo "$STREAMRELAY_TASK_ID"; sleep 2""");
        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => app.StartAsync("x", "program")));
        foreach (var id in ids)
        {
            Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
            Assert.Equal($"{id}\n", Output(Events(await app.ReadAsync(id))));
        }
    }

    [Fact]
    public async Task Nothing_is_left_after_a_kill_of_the_server_and_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        string[] settings =
        [
            "--StreamRelay:Agents:program:Type=process", "--StreamRelay:Agents:program:Command=sh", "--StreamRelay:Agents:program:Arguments:0=-c",
            "--StreamRelay:Agents:program:Arguments:1=trap '' TERM HUP; sleep 1000 & setsid sleep 1000 & echo up; wait",
        ];
        string id;
        await using (var server = await ServerProcess.StartAsync(folder, settings))
        {
            using var started = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "program", input = "x" });
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            await Wait.UntilAsync(() => Task.FromResult(Of(id).Count), count => count >= 3, Relay.Deadline, "processes");
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(folder, settings))
        {
            Assert.Empty(Of(id));
            Assert.Equal("interrupted", (await server.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}?wait=60")).GetProperty("error").GetProperty("code").GetString());
            Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folder, "work")));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static RelayApp Shell(string script, params (string Key, string Value)[] more) => new(Settings("sh", ["-c", script], more));

    private static RelayApp App(string command, params string[] arguments) => new(Settings(command, arguments, []));

    private static Dictionary<string, string?> Settings(string command, string[] arguments, (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["StreamRelay:Agents:program:Type"] = "process", ["StreamRelay:Agents:program:Command"] = command };
        for (var index = 0; index < arguments.Length; index++)
            settings[$"StreamRelay:Agents:program:Arguments:{index}"] = arguments[index];
        foreach (var (key, value) in more)
            settings[$"StreamRelay:Agents:program:{key}"] = value;

        return settings;
    }

    /// <summary>The processes that were started for a task.</summary>
    private static List<string> Of(string task)
    {
        var mark = Encoding.ASCII.GetBytes($"STREAMRELAY_TASK_ID={task}\0");
        return [.. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _) && Environ(folder).AsSpan().IndexOf(mark) >= 0)];
    }

    /// <summary>The processes with this command line.</summary>
    private static List<string> Running(string command) => [.. Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && Encoding.UTF8.GetString(Read(folder, "cmdline")).Replace('\0', ' ').Trim() == command)];

    private static byte[] Environ(string folder) => Read(folder, "environ");

    private static byte[] Read(string folder, string file)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Task GoneAsync(string task) => Wait.UntilAsync(() => Task.FromResult(Of(task).Count), count => count == 0, Relay.Deadline, "processes left");

    private static async Task SeeAsync(RelayApp app, string id, string text)
    {
        using var reader = new StreamReader(await app.Client.GetStreamAsync($"/v1/tasks/{id}/events"));
        while (await reader.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line && !line.Contains(text, StringComparison.Ordinal))
            continue;
    }

    private static List<JsonElement> Events(string stream) =>
        [.. SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out _))];

    private static string? Type(JsonElement json) => json.GetProperty("event_type").GetString();

    private static string Output(List<JsonElement> events) => string.Concat(events.Where(json => Type(json) == "output").Select(json => json.GetProperty("content").GetString()));
}
