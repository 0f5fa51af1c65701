using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents.Process;

/// <summary>Keeps the secrets of the server from programs that it starts, before any of them runs: nobody but a privileged user reads its memory, environment and open files,
/// secrets are overwritten where the system shows command lines and environments, and a program of another user cannot read the data folder.</summary>
internal sealed partial class SecretShield(
    IOptions<ProcessHostOptions> options, IEnumerable<ProcessAgent> agents, IOptionsMonitor<ProcessOptions> programs, ILogger<SecretShield> logger) : IHostedLifecycleService
{
    private const int SetDumpable = 4;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode PassThrough = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // Fields of /proc/self/stat, counted from the one after the name of the program.
    private const int ArgumentsStart = 45;
    private const int EnvironmentEnd = 48;

    private static readonly string[] SecretNames = ["key", "secret", "password", "token", "connectionstring", "environment", "hash"];

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return Task.CompletedTask;

        Overwrite();
        if (SetProcess(SetDumpable, 0, 0, 0, 0) != 0)
            NotShielded(Marshal.GetLastPInvokeError());
        if (options.Value.PrivatePath is { } folder && Directory.Exists(folder) && agents.Any(agent => programs.Get(agent.Name).User.Length > 0))
            Close(folder, options.Value.WorkPath);

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Overwrites the values of secrets in a block of texts that each end with a zero: <c>--Name=value</c>, <c>--Name</c> and its value, or <c>NAME=value</c>.</summary>
    internal static void Overwrite(Span<byte> block)
    {
        var isNextSecret = false;
        foreach (var range in ((ReadOnlySpan<byte>)block).Split((byte)0))
        {
            var text = block[range];
            var equals = text.IndexOf((byte)'=');
            var isSecret = IsSecret(equals < 0 ? text : text[..equals]);
            if (isNextSecret)
                text.Fill((byte)'*');
            else if (isSecret && equals >= 0)
                text[(equals + 1)..].Fill((byte)'*');

            isNextSecret = !isNextSecret && isSecret && equals < 0 && text.StartsWith("-"u8);
        }
    }

    private static bool IsSecret(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        return SecretNames.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    // The runtime has copied both before: the configuration does not change.
    [SupportedOSPlatform("linux")]
    private static unsafe void Overwrite()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        for (var field = ArgumentsStart; field < EnvironmentEnd; field += 2)
        {
            var (start, end) = (ulong.Parse(fields[field], CultureInfo.InvariantCulture), ulong.Parse(fields[field + 1], CultureInfo.InvariantCulture));
            if (start > 0 && end > start)
                Overwrite(new Span<byte>((void*)start, (int)(end - start)));
        }
    }

    /// <summary>Lets others pass through the folder to the work folder, and read nothing else in it.</summary>
    [SupportedOSPlatform("linux")]
    private static void Close(string folder, string work)
    {
        File.SetUnixFileMode(folder, (File.GetUnixFileMode(folder) & ~Others) | PassThrough);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Where(path => Path.GetFullPath(path) != Path.GetFullPath(work)))
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
    }

    [LoggerMessage(1, LogLevel.Warning, "Programs of the same user may read the memory and the environment of the server: the system refused to protect them with error {Error}")]
    private partial void NotShielded(int error);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int SetProcess(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
