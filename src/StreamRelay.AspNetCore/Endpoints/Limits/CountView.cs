namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>A number of things that exist at the same time.</summary>
/// <param name="Limit">The most; <c>null</c>: no limit.</param>
/// <param name="Used">How many there are.</param>
public sealed record CountView(int? Limit, int Used);
