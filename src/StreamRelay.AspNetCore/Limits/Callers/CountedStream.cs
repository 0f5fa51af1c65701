using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Callers;

/// <summary>A stream that was counted until this is disposed, or that a limit refuses.</summary>
/// <param name="Reached">The limit that is reached; <see langword="null"/> when the stream may be sent.</param>
/// <param name="Leave">Counts the stream no more.</param>
internal sealed record CountedStream(LimitScope? Reached, Action? Leave) : IDisposable
{
    /// <summary>A stream without limits.</summary>
    public static CountedStream Uncounted { get; } = new(null, null);

    public void Dispose() => Leave?.Invoke();
}
