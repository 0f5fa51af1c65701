namespace StreamRelay.Limits;

/// <summary>Whose use is counted together, and how much of it is allowed.</summary>
/// <param name="What">What is counted, such as <c>requests</c>.</param>
/// <param name="Of">What has the limit: <see cref="OfKey"/>, <see cref="OfOwner"/> or <see cref="OfAddress"/>.</param>
/// <param name="Name">Which one.</param>
/// <param name="Limit">The most.</param>
public readonly record struct LimitScope(string What, string Of, string Name, long Limit)
{
    /// <summary>One API key, by its id.</summary>
    public const string OfKey = "key";

    /// <summary>One owner.</summary>
    public const string OfOwner = "owner";

    /// <summary>One client address or network.</summary>
    public const string OfAddress = "address";
}
