namespace StreamRelay.AspNetCore.Access;

/// <summary>A feature of a request that reports when its credentials end before the request does: everything that the request has opened ends then.</summary>
public interface ICallerValidity
{
    /// <summary>Cancelled when the credentials of the request are not valid any more.</summary>
    CancellationToken Ended { get; }
}
