using System.Diagnostics;
using System.Runtime.CompilerServices;
using StreamRelay.TestSupport;

namespace StreamRelay.Browser;

/// <summary>The sample <c>tests/samples/front-end</c> in Node, beside the packages of the JavaScript clients.</summary>
internal sealed class FrontEnd : IDisposable
{
    private readonly Process _node;

    private FrontEnd(Process node, Uri address) => (_node, Address) = (node, address);

    public Uri Address { get; }

    public static async Task<FrontEnd> StartAsync(int port, Uri relay)
    {
        var folder = Path.Combine(JavaScriptClients.Folder, "node_modules", $".front-end-{port}");
        FolderCopy.Copy(Path.GetFullPath(Path.Combine(Here(), "..", "samples", "front-end")), folder);
        var start = new ProcessStartInfo("node", ["server.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["PORT"] = $"{port}";
        start.Environment["RELAY_URL"] = relay.GetLeftPart(UriPartial.Authority);
        start.Environment["AGENT"] = "probe";
        var node = Process.Start(start)!;
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Relay.Deadline);
        return new(node, new(line ?? throw new InvalidOperationException("The front end ended.")));
    }

    public void Dispose()
    {
        _node.Kill();
        _node.WaitForExit();
        Directory.Delete(_node.StartInfo.WorkingDirectory, recursive: true);
        _node.Dispose();
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
