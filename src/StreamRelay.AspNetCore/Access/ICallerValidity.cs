namespace StreamRelay.AspNetCore.Access;

/// <summary>A request's feature that says whether its caller may still be served: a stream outlives the moment its key was looked at.</summary>
public interface ICallerValidity
{
    /// <summary>Whether what let the caller in is still valid.</summary>
    bool IsValid { get; }
}
