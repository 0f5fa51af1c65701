namespace StreamRelay.AspNetCore.Access;

/// <summary>Looks again at what let a caller in.</summary>
internal sealed class CallerValidity(Func<bool> isValid) : ICallerValidity
{
    public bool IsValid => isValid();
}
