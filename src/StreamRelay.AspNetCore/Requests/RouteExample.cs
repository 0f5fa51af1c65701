namespace StreamRelay.AspNetCore.Requests;

/// <summary>What the API document shows of a route.</summary>
/// <param name="Request">A body, as JSON, or <see langword="null"/>.</param>
/// <param name="Stream">A frame of its stream, or <see langword="null"/>.</param>
public sealed record RouteExample(string? Request, string? Stream);
