using System.Diagnostics;

namespace StreamRelay.Server.Fixtures;

/// <summary>A network namespace that is connected by a link which a test can take down. For TCP it is another machine.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name = $"sr{Environment.ProcessId}";
    private Process? _program;

    private NetworkNamespace()
    {
    }

    /// <summary>The address of this machine for programs in the namespace.</summary>
    public static string Host => $"{Subnet}.1";

    private static string Peer => $"{Subnet}.2";

    /// <summary>Depends on the process, so that two runs of the tests do not share addresses.</summary>
    private static string Subnet => $"10.{64 + (Environment.ProcessId / 250 % 64)}.{Environment.ProcessId % 250}";

    private string HostEnd => $"{_name}h";

    private string PeerEnd => $"{_name}p";

    public static async Task<NetworkNamespace> CreateAsync()
    {
        Assert.True(Environment.IsPrivilegedProcess, "This test creates a network namespace. Run it as root.");
        var made = new NetworkNamespace();
        try
        {
            await IpAsync("netns", "add", made._name);
            await IpAsync("link", "add", made.HostEnd, "type", "veth", "peer", "name", made.PeerEnd, "netns", made._name);
            await IpAsync("addr", "add", $"{Host}/30", "dev", made.HostEnd);
            await IpAsync("link", "set", made.HostEnd, "up");
            await IpAsync("-n", made._name, "addr", "add", $"{Peer}/30", "dev", made.PeerEnd);
            await IpAsync("-n", made._name, "link", "set", made.PeerEnd, "up");
            return made;
        }
        catch (Exception)
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program in the namespace. It ends when the namespace is disposed.</summary>
    public void Start(string program, params string[] arguments) =>
        _program = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", _name, program, .. arguments]))!;

    /// <summary>Whether the program still runs.</summary>
    public bool IsRunning => _program is { HasExited: false };

    /// <summary>Takes the link down: from now on no packet arrives in either direction, and no connection is closed.</summary>
    public Task CutAsync() => IpAsync("-n", _name, "link", "set", PeerEnd, "down");

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            _program.Kill(entireProcessTree: true);
            await _program.WaitForExitAsync();
            _program.Dispose();
        }

        // Setting up may have failed half-way, so each part is deleted on its own.
        await RunAsync("link", "del", HostEnd);
        await RunAsync("netns", "del", _name);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (exit, error) = await RunAsync(arguments);
        Assert.True(exit == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }

    private static async Task<(int Exit, string Error)> RunAsync(params string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        return (ip.ExitCode, error);
    }
}
