using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Looks again at what let a caller in.</summary>
internal sealed class CallerLease(Func<bool> isValid) : ICallerLease
{
    public bool IsValid => isValid();
}
