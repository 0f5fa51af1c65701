using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Crash;

public sealed class TaskCrashTests
{
    [Fact]
    public async Task A_copy_made_at_any_moment_has_every_acknowledged_task_and_its_log()
    {
        foreach (var seed in Seeds.Take(6))
            await new TaskCrashCase(seed).RunAsync();
    }
}
