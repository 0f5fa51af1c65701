using System.Diagnostics;

namespace StreamRelay.Server.Fixtures;

/// <summary>A network namespace that is connected by a link which a test can take down. For TCP it is another machine.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private static int _count;

    private readonly int _number = Interlocked.Increment(ref _count);
    private readonly List<Process> _programs = [];

    private NetworkNamespace()
    {
    }

    /// <summary>The address of this machine for programs in the namespace.</summary>
    public string Host => $"{Subnet}.{(4 * _number) + 1}";

    private string Peer => $"{Subnet}.{(4 * _number) + 2}";

    /// <summary>Depends on the process, so that two runs of the tests do not share addresses.</summary>
    private static string Subnet => $"10.{64 + (Environment.ProcessId / 250 % 64)}.{Environment.ProcessId % 250}";

    private string Name => $"sr{Environment.ProcessId}n{_number}";

    private string HostEnd => $"{Name}h";

    private string PeerEnd => $"{Name}p";

    public static async Task<NetworkNamespace> CreateAsync()
    {
        Assert.True(Environment.IsPrivilegedProcess, "This test creates a network namespace. Run it as root.");
        var made = new NetworkNamespace();
        try
        {
            await IpAsync("netns", "add", made.Name);
            await IpAsync("link", "add", made.HostEnd, "type", "veth", "peer", "name", made.PeerEnd, "netns", made.Name);
            await IpAsync("addr", "add", $"{made.Host}/30", "dev", made.HostEnd);
            await IpAsync("link", "set", made.HostEnd, "up");
            await IpAsync("-n", made.Name, "addr", "add", $"{made.Peer}/30", "dev", made.PeerEnd);
            await IpAsync("-n", made.Name, "link", "set", made.PeerEnd, "up");
            await IpAsync("-n", made.Name, "link", "set", "lo", "up");
            return made;
        }
        catch (Exception)
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program in the namespace. It ends when the namespace is disposed.</summary>
    public void Start(string program, params string[] arguments) => _programs.Add(Process.Start(InNamespace(program, arguments))!);

    /// <summary>Runs a program in the namespace to its end.</summary>
    /// <returns>Its exit code, and what it wrote to its standard output.</returns>
    public async Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = InNamespace(program, arguments);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Starts a program in the namespace whose standard input the test writes.</summary>
    public Process Open(string program, params string[] arguments)
    {
        var start = InNamespace(program, arguments);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        return Process.Start(start)!;
    }

    /// <summary>Whether all programs that were started still run.</summary>
    public bool IsRunning => _programs.TrueForAll(program => !program.HasExited);

    /// <summary>Takes the link down: from now on no packet arrives in either direction, and no connection is closed.</summary>
    public Task CutAsync() => IpAsync("-n", Name, "link", "set", PeerEnd, "down");

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
            program.Dispose();
        }

        // Setting up may have failed half-way, so each part is deleted on its own.
        await TryIpAsync("link", "del", HostEnd);
        await TryIpAsync("netns", "del", Name);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (exit, error) = await TryIpAsync(arguments);
        Assert.True(exit == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }

    private ProcessStartInfo InNamespace(string program, string[] arguments) => new("ip", ["netns", "exec", Name, program, .. arguments]);

    private static async Task<(int Exit, string Error)> TryIpAsync(params string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        return (ip.ExitCode, error);
    }
}
