namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>The statuses of a route that come with an error, in the API document. What every route can answer is added to them.</summary>
/// <param name="Statuses">The statuses.</param>
internal sealed record RouteErrors(IReadOnlyList<int> Statuses);
