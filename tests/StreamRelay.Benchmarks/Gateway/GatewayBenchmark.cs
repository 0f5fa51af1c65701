using System.Collections.Concurrent;
using StreamRelay.Benchmarks.Http;

namespace StreamRelay.Benchmarks.Gateway;

/// <summary>What a chat waits for when StreamRelay stands before its model: the same client straight at the model and through the server, in turns.</summary>
internal static class GatewayBenchmark
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 5;
    private const int Chats = 200;
    private const int MoreChats = 512;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(Report report)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;
        await using var model = await MeasuredServer.StartAsync("straight at the model", "/", static port => new(Environment.ProcessPath!, [PacedModel.Argument, $"http://127.0.0.1:{port}"]));
        await using (var relay = await RelayServer.StartAsync(
            folder,
            "--StreamRelay:Agents:paced:Type=upstream",
            $"--StreamRelay:Agents:paced:BaseUrl={model.Client.BaseAddress}v1",
            "--StreamRelay:Agents:paced:Model=paced"))
        {
            MeasuredServer[] servers = [model, relay];
            // The compiler optimizes on the same processors while the first loads run.
            for (var round = 0; round < WarmUpRounds; round++)
            {
                foreach (var server in servers)
                    await LoadAsync(server, Chats);
            }

            List<(MeasuredServer Server, PacedTimes Times)> chats = [];
            var before = servers.ToDictionary(server => server, server => server.ProcessorTime);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var server in servers)
                    chats.AddRange((await LoadAsync(server, Chats)).Select(times => (server, times)));
            }

            // The model works for both loads, StreamRelay for its own.
            var deltas = servers.ToDictionary(server => server, server => chats.Where(chat => server == model || chat.Server == server).Sum(chat => chat.Times.Ways.Count));
            foreach (var server in servers)
            {
                Add(report, Chats, server, [.. chats.Where(chat => chat.Server == server).Select(chat => chat.Times)]);
                report.Add($"{Chats} chats at once, processor time a delta", server.Name, (server.ProcessorTime - before[server]).TotalMicroseconds / deltas[server], "us");
            }

            foreach (var server in servers)
                Add(report, MoreChats, server, await LoadAsync(server, MoreChats));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Add(Report report, int chats, MeasuredServer server, IReadOnlyCollection<PacedTimes> times)
    {
        double[] first = [.. times.Select(time => time.First.TotalMicroseconds).Order()];
        double[] ways = [.. times.SelectMany(time => time.Ways).Select(way => way.TotalMicroseconds).Order()];
        foreach (var (name, values) in ((string, double[])[])[("first delta", first), ("each delta", ways)])
        {
            report.Add($"{chats} chats at once, {name}, median", server.Name, values[values.Length / 2], "us");
            report.Add($"{chats} chats at once, {name}, p99", server.Name, values[values.Length * 99 / 100], "us");
        }
    }

    /// <returns>The times of every chat.</returns>
    private static async Task<IReadOnlyCollection<PacedTimes>> LoadAsync(MeasuredServer server, int chats)
    {
        ConcurrentBag<PacedTimes> times = [];
        var end = DateTime.UtcNow + Duration;
        await Task.WhenAll(Enumerable.Range(0, chats).Select(index => Task.Run(async () =>
        {
            // Chats begin at different times, as those of different users do.
            await Task.Delay(TimeSpan.FromMilliseconds(1280.0 * index / chats));
            while (DateTime.UtcNow < end)
                times.Add(await PacedChat.RunAsync(server.Client));
        })));
        return times;
    }
}
