using System.Diagnostics;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs.Blocks;

/// <summary>One page as a reader works through it: a folder, a server, and the shell's variables, which later blocks use.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    private const string Server = "127.0.0.1:7860";
    private const string StartServer = "dotnet run --project src/StreamRelay.Server";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly string Project = Path.Combine(Repository.Root, "tests", "StreamRelay.Docs.Tests");

    private readonly DocPage _page;
    private readonly SharedServers _servers;
    private readonly List<int> _groups = [];
    private readonly Dictionary<string, string> _replacements;

    private PageSession(DocPage page, SharedServers servers)
    {
        _page = page;
        _servers = servers;
        _replacements = PagePorts.Replacements(page.Name);
    }

    /// <summary>The folder that blocks run in; <c>src</c>, <c>tests</c> and <c>docs</c> are links to the repository's.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("streamrelay-docs-").FullName;

    public static async Task<PageSession> OpenAsync(DocPage page, SharedServers servers)
    {
        var session = new PageSession(page, servers);
        foreach (var name in (string[])["src", "tests", "docs"])
            Directory.CreateSymbolicLink(Path.Combine(session.Folder, name), Path.Combine(Repository.Root, name));

        Directory.CreateSymbolicLink(Path.Combine(session.Folder, "node_modules"), Path.Combine(Repository.Root, "tests", "clients", "node_modules"));
        var text = string.Concat(page.Blocks.Select(block => block.Text));
        foreach (var (address, actual) in await servers.NeededByAsync(text))
            session._replacements[address] = actual;

        return session;
    }

    /// <summary>Puts the addresses of this session's servers in the place of those that the page shows.</summary>
    public string Localize(string text) => _replacements.Aggregate(text, (result, pair) => result.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Puts the page's addresses back, so that output can be compared with what the page shows.</summary>
    public string Generalize(string text) => _replacements.Aggregate(text, (result, pair) => result.Replace(pair.Value, pair.Key, StringComparison.Ordinal));

    /// <summary>Starts a plain server before the first block that needs one, when no earlier block of the page started it.</summary>
    public async Task EnsureServerAsync(DocBlock block)
    {
        if (_groups.Count > 0 || !block.Text.Contains(Server, StringComparison.Ordinal) || block.Text.Contains(StartServer, StringComparison.Ordinal))
            return;

        var started = await RunAsync("bash", "-c", StartServer);
        if (started.ExitCode != 0)
            throw new InvalidOperationException($"The server of {_page.Name} did not start:\n{started.Output}");
    }

    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a program in the folder. What it leaves in the background goes on until the session ends.</summary>
    public async Task<BlockResult> RunAsync(string program, params string[] arguments)
    {
        // A file takes the output: a pipe would be held open by what goes on in the background.
        var output = Path.Combine(Folder, $".output-{_groups.Count}");
        var start = new ProcessStartInfo("setsid", ["bash", "-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", output, program, .. arguments]) { WorkingDirectory = Folder };
        foreach (var (name, value) in Variables())
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        _groups.Add(process.Id);
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return new(-1, $"Not done after {Deadline}:\n{await File.ReadAllTextAsync(output, CancellationToken.None)}");
        }

        return new(process.ExitCode, await File.ReadAllTextAsync(output));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var group in _groups)
        {
            using var kill = Process.Start(new ProcessStartInfo("bash", ["-c", $"kill -9 -- -{group} 2>/dev/null; exit 0"]))!;
            await kill.WaitForExitAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private Dictionary<string, string> Variables() => new(_servers.Variables)
    {
        ["PATH"] = $"{Path.Combine(Project, "Shims")}:{Environment.GetEnvironmentVariable("PATH")}",
        ["DOCS_FOLDER"] = Folder,
        ["DOCS_SERVER"] = typeof(Program).Assembly.Location,
        ["DOCS_PORT"] = $"{PagePorts.Server(_page.Name)}",
        ["StreamRelay__DataPath"] = Path.Combine(Folder, ".data"),
        ["StreamRelay__Tutorial__OfflinePause"] = "00:00:00",
        ["OPENAI_BASE_URL"] = "",

        // The launch settings of the server, and of .NET's templates, which dotnet run applies.
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["OPENAI_API_KEY"] = "",
        ["DOTNET_TieredPGO"] = "0",

        // The number of file watchers that a user may have is small, and other tests start servers at the same time.
        ["DOTNET_USE_POLLING_FILE_WATCHER"] = "1",
    };
}
