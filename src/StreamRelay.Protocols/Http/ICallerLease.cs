namespace StreamRelay.Protocols.Http;

/// <summary>A request's feature that says whether its caller may still be served: a stream outlives the moment its key was looked at.</summary>
public interface ICallerLease
{
    /// <summary>Whether what let the caller in is still valid.</summary>
    bool IsValid { get; }
}
