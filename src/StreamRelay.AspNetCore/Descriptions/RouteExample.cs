namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>The examples of a route in the API document.</summary>
/// <param name="Request">A body, as JSON, or <see langword="null"/>.</param>
/// <param name="Stream">A frame of its stream, or <see langword="null"/>.</param>
public sealed record RouteExample(string? Request, string? Stream);
