namespace StreamRelay.AspNetCore.Limits.Callers;

/// <summary>The limits of one thing; 0 for no limit.</summary>
/// <param name="PerKey">Of one key.</param>
/// <param name="PerOwner">Of all keys of one owner.</param>
/// <param name="PerAddress">Of one client address, or of one /64 network of IPv6.</param>
internal readonly record struct CallerLimits(int PerKey, int PerOwner, int PerAddress);
