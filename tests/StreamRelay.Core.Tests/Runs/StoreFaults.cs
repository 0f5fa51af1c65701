namespace StreamRelay.Runs;

/// <summary>Fails writes of one kind, from the <paramref name="first"/>th on, <paramref name="count"/> times.</summary>
/// <param name="kind">The kind.</param>
/// <param name="first">The first write that fails; 1 for the first of its kind.</param>
/// <param name="count">How many writes fail.</param>
/// <param name="isWritten">Whether a failed write has its effect all the same, as a write whose answer is lost.</param>
internal sealed class StoreFaults(StoreWrite kind, int first, int count, bool isWritten)
{
    private int _seen;

    /// <summary>A store without faults.</summary>
    public static StoreFaults None => new(default, first: 0, count: 0, isWritten: false);

    /// <summary>Writes, or fails.</summary>
    public async ValueTask<T> WriteAsync<T>(StoreWrite write, Func<ValueTask<T>> call)
    {
        var seen = write == kind ? Interlocked.Increment(ref _seen) : 0;
        if (seen < first || seen >= first + count)
            return await call();

        if (isWritten)
            await call();

        throw new IOException($"The {seen}. write of the kind {write} fails.");
    }
}
