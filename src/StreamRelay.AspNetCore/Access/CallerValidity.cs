namespace StreamRelay.AspNetCore.Access;

/// <summary>The validity of one key, shared by all requests with it.</summary>
/// <param name="ended">Is cancelled with the key. It is not disposed: requests register with its token at any time, and it holds nothing but them.</param>
internal sealed class CallerValidity(CancellationTokenSource ended) : ICallerValidity
{
    public CancellationToken Ended => ended.Token;

    public void End() => ended.Cancel();
}
