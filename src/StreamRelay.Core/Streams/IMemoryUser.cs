namespace StreamRelay.Streams;

/// <summary>Holds memory of a <see cref="MemoryBudget"/> that it can give back.</summary>
public interface IMemoryUser
{
    /// <summary>Gives memory back, now or soon. From any thread; it must not wait.</summary>
    /// <param name="wanted">The bytes that are missing.</param>
    /// <returns>The bytes that are given back; fewer than wanted when there are no more.</returns>
    long Release(long wanted);
}
