namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>A limit of tokens.</summary>
/// <param name="Of">What has the limit: <c>key</c> or <c>owner</c>.</param>
/// <param name="PerDay">Tokens a day.</param>
/// <param name="Used">The tokens of the tasks that have ended today.</param>
/// <param name="ResetSeconds">How long it takes until the day ends, in seconds.</param>
public sealed record TokenLimitView(string Of, long PerDay, long Used, double ResetSeconds);
