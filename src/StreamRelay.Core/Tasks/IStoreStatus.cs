namespace StreamRelay.Tasks;

/// <summary>Whether the stores can be written to. The embedded store registers an implementation.</summary>
public interface IStoreStatus
{
    /// <summary>Why nothing can be stored now, as a sentence without paths or addresses; <see langword="null"/> when the store works. At most a second old.</summary>
    string? Fault { get; }
}
