using System.Globalization;

namespace StreamRelay.Storage.Crash;

public sealed class CrashTests
{
    private static readonly int Seeds =
        Math.Max(10_000, int.Parse(Environment.GetEnvironmentVariable("STREAMRELAY_SEEDS") ?? "0", CultureInfo.InvariantCulture));

    [Fact]
    public Task A_killed_process_loses_nothing_acknowledged() => RunAsync(Durability.Process, powerLost: false, Seeds / 5 * 2);

    [Fact]
    public Task Lost_power_loses_no_acknowledged_entry_at_disk_level() => RunAsync(Durability.Disk, powerLost: true, Seeds / 5 * 2);

    [Fact]
    public Task Lost_power_leaves_logs_without_gaps_at_process_level() => RunAsync(Durability.Process, powerLost: true, Seeds / 5);

    private static Task RunAsync(Durability durability, bool powerLost, int seeds) =>
        Parallel.ForAsync(0, seeds, async (seed, _) => await new CrashCase(seed, durability, powerLost).RunAsync());
}
