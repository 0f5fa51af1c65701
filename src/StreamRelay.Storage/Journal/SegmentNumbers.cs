namespace StreamRelay.Storage.Journal;

/// <summary>Gives out the numbers of segments. A number is never used again, also when a power failure has removed the newest segment: numbers are taken from the clock.</summary>
internal sealed class SegmentNumbers(TimeProvider time)
{
    private long _last;

    /// <summary>Makes every later number greater than one that is in use.</summary>
    public void Observe(long number) => _last = Math.Max(_last, number);

    /// <summary>Returns a new number, greater than all earlier ones. Safe to use from any thread.</summary>
    public long Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
