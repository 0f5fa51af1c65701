using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Crash;

public sealed class JournalFuzzTests
{
    [Fact]
    public async Task A_journal_that_was_changed_opens_and_no_log_is_read_over_its_damage() => await Parallel.ForEachAsync(Seeds.Take(3000), async (seed, cancellationToken) =>
    {
        try
        {
            await new FuzzedJournal(seed).RunAsync().WaitAsync(Relay.Deadline, cancellationToken);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}", exception);
        }
    });
}
