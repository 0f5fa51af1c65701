namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>What the data of each frame of a route's stream is, in the API document.</summary>
/// <param name="Event">The type of the data.</param>
public sealed record RouteStream(Type Event);
