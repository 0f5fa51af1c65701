using System.Net;
using StreamRelay.Load.Attacks;
using StreamRelay.TestSupport;
using Xunit.Abstractions;

namespace StreamRelay.Load;

/// <summary>Everything that one owner and clients without a key can do to a server at the same time, and what another owner notices of it.</summary>
public sealed class HostileLoadTests(ITestOutputHelper output)
{
    private const int Samples = 300;

    /// <summary>How often the idle value the first token may take under attack.</summary>
    private const int MostSlower = 3;

    /// <summary>Descriptors of connections to the database, which stay open, and of assemblies that were loaded since the start.</summary>
    private const int Kept = 32;

    /// <summary>Ten times what the 99th percentile was on two cores, which the attackers' own work shares with the server and the client.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(60);

    /// <param name="descriptors">The descriptors of the server.</param>
    /// <param name="addresses">The attackers' addresses. Each of them can take half of the connections; so two of them would take all that 1024 descriptors allow.</param>
    [Theory]
    [InlineData(1024, 1)]
    [InlineData(20_000, 2)]
    public async Task An_owner_is_served_while_another_one_and_clients_without_a_key_use_up_what_they_can(int descriptors, int addresses)
    {
        await using var server = await AttackedServer.StartAsync(descriptors);
        var victim = new Victim(server.EndPoint, AttackedServer.VictimKey);
        var attacker = new Victim(server.EndPoint, AttackedServer.ObserverKey);
        await victim.MeasureAsync(Samples);
        var idle = Report("idle", await victim.MeasureAsync(Samples));
        var before = server.Descriptors;

        var target = new Target(server.EndPoint, AttackedServer.AttackerKey);
        var starts = new TaskStarts(10_000);
        await using (var attack = new CombinedAttack(target, addresses, Attacks(starts)))
        {
            await attack.StartAsync();
            var attacked = Report("under attack", await victim.MeasureAsync(Samples, until: starts.Completion));
            output.WriteLine($"{attack.Open} connections are open, {server.Descriptors} descriptors\n{attack.Describe()}");
            Assert.InRange(attacked.P99, TimeSpan.Zero, Bound(idle));
            Assert.InRange(server.Descriptors, before, descriptors - 1);
            Assert.True(starts.Answers(HttpStatusCode.TooManyRequests) > 0);
            Assert.NotEqual(0, await server.CountTasksAsync("running"));
        }

        await Task.WhenAll(target.Floods.Select(server.StopTaskAsync));
        await Wait.UntilAsync(async () => (await server.CountTasksAsync("running"), await server.CountTasksAsync("queued")), static tasks => tasks == (0, 0), RecoveryTime, "no task of the attacker is left");
        await Wait.UntilAsync(() => Task.FromResult(server.Descriptors), open => open <= before + Kept, RecoveryTime, $"descriptors come back to {before}");
        Assert.InRange(Report("afterwards, the victim", await victim.MeasureAsync(Samples)).P99, TimeSpan.Zero, Bound(idle));
        Assert.InRange(Report("afterwards, the attacker", await attacker.MeasureAsync(Samples)).P99, TimeSpan.Zero, Bound(idle));
        output.WriteLine($"peak of memory: {server.PeakBytes >> 20} MiB");
        Assert.InRange(server.PeakBytes, 1, AttackedServer.MemoryBytes);
        Assert.Equal(0, await server.TerminateAsync());
    }

    private static IReadOnlyList<IAttack> Attacks(TaskStarts starts) =>
    [
        new FloodingTasks(200),
        SlowConnections.Bodies(100),
        SlowConnections.Readers(100),
        new SilentConnections("streams that are not read", 1000, static (target, index) => target.Stream(index)),
        new SilentConnections("snapshots that are not read", 100, static (target, index) => target.Stream(index, "?snapshot=1")),
        new SilentConnections("lists that are not read", 100, static (target, _) => string.Concat(Enumerable.Repeat(target.Head("GET", "/v1/tasks?limit=200"), 100))),
        new SilentConnections("half of a request's head", 2000, static (_, _) => "GET /v1/tasks HTTP/1.1\r\nHost: half"),
        new SilentConnections("idle connections", 5000, static (_, _) => ""),
        starts,
    ];

    private static TimeSpan Bound(Latencies idle) => (MostSlower * idle.P99) + Allowance;

    private Latencies Report(string when, Latencies latencies)
    {
        output.WriteLine($"{when}: {latencies}");
        return latencies;
    }
}
