namespace StreamRelay.AspNetCore.Descriptions;

/// <summary>The id of a route in the API document. It is not the name of the endpoint, which must be the only one in the application.</summary>
/// <param name="Id">The id, such as <c>StartTask</c>.</param>
internal sealed record RouteOperationId(string Id);
