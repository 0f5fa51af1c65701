namespace StreamRelay.AspNetCore.Access;

/// <summary>Checks credentials with a delegate.</summary>
internal sealed class CallerValidity(Func<bool> isValid) : ICallerValidity
{
    public bool IsValid => isValid();
}
