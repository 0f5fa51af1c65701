namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>A limit of things that exist at the same time.</summary>
/// <param name="Of">What has the limit: <c>key</c>, <c>owner</c> or <c>address</c>.</param>
/// <param name="Limit">The most.</param>
/// <param name="Used">How many there are.</param>
public sealed record CountView(string Of, long Limit, long Used);
