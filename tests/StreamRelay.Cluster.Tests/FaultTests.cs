using System.Globalization;
using StreamRelay.Testing;
using Xunit.Abstractions;

namespace StreamRelay.Cluster;

/// <summary>Lets something go wrong while tasks run and are read on all nodes, and sees that nothing was lost, changed, told twice or left undone.</summary>
public abstract class FaultTests(ITestOutputHelper output)
{
    private const int Rounds = 3;

    /// <summary>A fault, and how to undo it.</summary>
    /// <param name="round">The round it happens in.</param>
    /// <returns>The tasks that it hits, so that others have to take them over.</returns>
    private protected delegate Task<IReadOnlyList<ClusterTask>> Fault(Round round);

    /// <summary>Plays one round per seed on one cluster.</summary>
    /// <param name="servers">The cluster.</param>
    /// <param name="fault">What goes wrong.</param>
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
                var said = servers.Nodes.SelectMany(node => node.Output().Split('\n').TakeLast(80));
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{await round.UnfinishedAsync()}\n{string.Join('\n', said)}", exception);
            }
        }
    }

    private async Task PlayAsync(Round round, Fault fault, bool keepsRunning)
    {
        var hit = await fault(round);
        await round.EndAsync();
        await Task.WhenAll(round.Servers.Nodes.Where(node => !node.IsThere).Select(node => node.StartAsync()));
        await Verdict.CheckAsync(round);
        var taken = await Verdict.TakenOverAsync(round);
        var pauses = hit.Where(task => !task.MayVanish).Select(task => task.Readers.Min(reader => reader.LongestPause).TotalSeconds).DefaultIfEmpty().Order().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {round.Seed}: {round.Elapsed.TotalSeconds:0.0} s, {round.All.Count()} tasks, {taken.Count} taken over of {hit.Count} hit, "
            + $"{round.All.Sum(task => task.Readers.Sum(reader => reader.Connections))} connections for {round.All.Sum(task => task.Readers.Count)} readers, "
            + $"longest pause of a hit task {pauses[0]:0.00} to {pauses[^1]:0.00} s"));
        if (keepsRunning)
            Assert.Empty(taken);
    }
}
