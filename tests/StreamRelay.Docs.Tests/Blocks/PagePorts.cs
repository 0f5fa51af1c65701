using System.Collections.Concurrent;
using StreamRelay.TestSupport;

namespace StreamRelay.Docs.Blocks;

/// <summary>The free ports that a page's servers listen on in place of those that it shows.</summary>
internal static class PagePorts
{
    private static readonly string[] Shown = ["127.0.0.1:7860", "127.0.0.1:7861", "127.0.0.1:8000", "127.0.0.1:8001"];

    private static readonly ConcurrentDictionary<(string Page, string Shown), int> Ports = new();

    /// <summary>The port that stands for 7860.</summary>
    public static int Server(string page) => Port(page, Shown[0]);

    /// <summary>The addresses that pages show, with the ones to use in their place.</summary>
    public static Dictionary<string, string> Replacements(string page) => Shown.ToDictionary(address => address, address => $"127.0.0.1:{Port(page, address)}");

    private static int Port(string page, string shown) => Ports.GetOrAdd((page, shown), static _ => Loopback.FreePort());
}
