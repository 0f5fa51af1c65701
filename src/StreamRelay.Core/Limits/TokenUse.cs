namespace StreamRelay.Limits;

/// <summary>A limit of tokens, and what is used of it.</summary>
/// <param name="Of">What has the limit: <c>key</c> or <c>owner</c>.</param>
/// <param name="Limit">The tokens of a day.</param>
/// <param name="Used">The tokens of the tasks that have ended today.</param>
/// <param name="ResetsAt">The end of the day.</param>
public sealed record TokenUse(string Of, long Limit, long Used, DateTimeOffset ResetsAt);
