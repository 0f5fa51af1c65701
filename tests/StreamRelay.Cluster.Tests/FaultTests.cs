using System.Globalization;
using StreamRelay.TestSupport;
using Xunit.Abstractions;

namespace StreamRelay.Cluster;

/// <summary>Injects a fault while tasks run and are read on all nodes, and checks that no entry was lost, changed or repeated and no task was left unfinished.</summary>
public abstract class FaultTests(ITestOutputHelper output)
{
    private const int Rounds = 2;

    /// <summary>A fault, and how to undo it.</summary>
    /// <param name="round">The round in which the fault happens.</param>
    /// <returns>The tasks of the affected node, which other nodes have to take over.</returns>
    private protected delegate Task<IReadOnlyList<ClusterTask>> Fault(Round round);

    /// <summary>Runs one round per seed on one cluster.</summary>
    /// <param name="servers">The cluster.</param>
    /// <param name="fault">The fault to inject.</param>
    /// <param name="keepsRunning">Whether no task may be taken over.</param>
    private protected async Task PlayAsync(ClusterServers servers, Fault fault, bool keepsRunning = false)
    {
        var first = int.Parse(Environment.GetEnvironmentVariable("STREAMRELAY_FIRST_SEED") ?? "1", CultureInfo.InvariantCulture);
        foreach (var seed in Seeds.Take(Rounds).Where(seed => seed >= first))
        {
            using var round = await Round.BeginAsync(servers, seed);
            try
            {
                await PlayAsync(round, fault, keepsRunning);
            }
            catch (Exception exception)
            {
                var output = servers.Nodes.SelectMany(node => node.Output().Split('\n').TakeLast(80));
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{await round.UnfinishedAsync()}\n{string.Join('\n', output)}", exception);
            }
        }
    }

    private async Task PlayAsync(Round round, Fault fault, bool keepsRunning)
    {
        var hit = await fault(round);
        await round.EndAsync();
        await Task.WhenAll(round.Servers.Nodes.Where(node => !node.IsThere).Select(node => node.StartAsync()));
        await RoundChecks.CheckAsync(round);
        var taken = await RoundChecks.TakenOverAsync(round);
        var pauses = hit.Where(task => !task.MayVanish).Select(task => task.Readers.Min(reader => reader.LongestPause).TotalSeconds).DefaultIfEmpty().Order().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {round.Seed}: {round.Elapsed.TotalSeconds:0.0} s, {round.All.Count()} tasks, {taken.Count} taken over of {hit.Count} hit, "
            + $"{round.All.Sum(task => task.Readers.Sum(reader => reader.Connections))} connections for {round.All.Sum(task => task.Readers.Count)} readers, "
            + $"longest pause of a hit task {pauses[0]:0.00} to {pauses[^1]:0.00} s"));
        if (keepsRunning)
            Assert.Empty(taken);
    }
}
