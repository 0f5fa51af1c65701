using StreamRelay.Streams;

namespace StreamRelay.Runs;

/// <summary>Repeats a call that a store refuses, with pauses that grow. Safe to use from any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="limit">How long a call is repeated; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it fails.</param>
internal sealed class StoreRetry(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Makes a call until it succeeds. The call may have had its effect although it failed: it must be one that can be made twice.</summary>
    /// <param name="call">The call.</param>
    /// <param name="whenGivenUp">Its task completes when the call is not to be repeated any more.</param>
    /// <exception cref="IOException">The call failed for longer than the limit, or it was given up.</exception>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call, Func<Task> whenGivenUp)
    {
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (IsStoreFailure(exception) && !HasPassed(time.GetElapsedTime(began) + pause))
            {
                if (!await PauseAsync(pause, whenGivenUp()))
                    throw;
            }
        }
    }

    /// <summary>The pause that follows another one: twice as long, up to five seconds.</summary>
    public static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static bool IsStoreFailure(Exception exception) => exception is IOException or PublishException { Failure: PublishFailure.Storage };

    private bool HasPassed(TimeSpan elapsed) => limit != Timeout.InfiniteTimeSpan && elapsed > limit;

    /// <returns><see langword="false"/> when the call was given up first.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause, Task givenUp)
    {
        using var ended = new CancellationTokenSource();
        var first = await Task.WhenAny(Task.Delay(pause, time, ended.Token), givenUp);
        await ended.CancelAsync();
        return first != givenUp;
    }
}
