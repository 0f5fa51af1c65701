using System.Net.Sockets;
using System.Text;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>Sends a request target as it is written: no client cleans it up first.</summary>
internal static class RawRequest
{
    /// <returns>The whole answer, head and body.</returns>
    public static async Task<string> GetAsync(Uri address, string target, string? key = null, string? host = null)
    {
        var authorization = key is null ? "" : $"Authorization: Bearer {key}\r\n";
        return await SendAsync(address, $"GET {target} HTTP/1.1\r\nHost: {host ?? address.Authority}\r\n{authorization}Connection: close\r\n\r\n");
    }

    /// <summary>Sends these bytes and no others.</summary>
    /// <returns>Everything that the server answers until it closes the connection, or the first line alone.</returns>
    public static async Task<string> SendAsync(Uri address, string request, bool toEnd = true)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return (toEnd ? await reader.ReadToEndAsync().WaitAsync(Relay.Deadline) : await reader.ReadLineAsync().WaitAsync(Relay.Deadline)) ?? "";
    }

    public static int Status(string answer) => int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
