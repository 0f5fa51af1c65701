using System.Net;
using System.Net.Sockets;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Connections;

/// <summary>Connections that send nothing, more than the server may have descriptors.</summary>
public sealed class ConnectionLimitTests
{
    private const int Descriptors = 1024;
    private const int Idle = 2000;

    [Fact]
    public async Task A_server_with_1024_descriptors_serves_other_addresses_while_one_opens_2000_connections_and_that_one_afterwards()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        await using (var server = await ServerProcess.StartAsync(folder, Descriptors))
        {
            var port = server.Client.BaseAddress!.Port;
            List<Socket> idle = [];
            for (var count = 0; count < Idle; count++)
            {
                if (await TryConnectAsync("127.0.0.1", port) is { } socket)
                    idle.Add(socket);
            }

            using var other = ClientOf("127.0.0.2", port);
            for (var request = 0; request < 3; request++)
            {
                using var answer = await other.PostAsync("/v1/tasks", RelayApp.Json("""{"agent":"write_tutorial","input":"Sockets"}"""));
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            }

            Assert.InRange(idle.Count(IsOpen), 100, Descriptors / 2);
            idle.ForEach(socket => socket.Dispose());
            await Wait.UntilAsync(() => IsServedAsync(server.Client), Relay.Deadline, "that the address is served again");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Socket> ConnectAsync(string from, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    /// <returns><see langword="null"/> when the server closed the connection before the client knew of it.</returns>
    private static async Task<Socket?> TryConnectAsync(string from, int port)
    {
        try
        {
            return await ConnectAsync(from, port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static HttpClient ClientOf(string address, int port) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(address, port), ownsSocket: true),
    })
    { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = Relay.Deadline };

    // A connection that was closed can be read: it has an end, or an error.
    private static bool IsOpen(Socket socket) => !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private static async Task<bool> IsServedAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/live");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
