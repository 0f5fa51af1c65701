namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>A query parameter or a header of a route, in the API document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
public sealed record RouteParameter(string Name, string Description)
{
    /// <summary>Whether it is a header. Default: a query parameter.</summary>
    public bool IsHeader { get; init; }

    /// <summary>Whether a request without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it can be given several times.</summary>
    public bool IsList { get; init; }

    /// <summary>The range of a whole number; <see langword="null"/> for a text.</summary>
    public (long Least, long Most)? Range { get; init; }

    /// <summary>The values that it can have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
