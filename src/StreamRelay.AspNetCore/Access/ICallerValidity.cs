namespace StreamRelay.AspNetCore.Access;

/// <summary>A feature of a request that reports whether its credentials are still valid. A stream checks it at each heartbeat and ends when they are not.</summary>
public interface ICallerValidity
{
    /// <summary>Whether the credentials of the request are still valid.</summary>
    bool IsValid { get; }
}
