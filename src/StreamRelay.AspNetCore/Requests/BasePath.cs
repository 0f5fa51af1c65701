using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Metadata of every endpoint of StreamRelay: how much of its path is the prefix that the application has mapped it under.</summary>
/// <param name="Segments">The segments of the prefix.</param>
internal sealed record BasePath(int Segments)
{
    /// <summary>The path below which the caller of a request finds StreamRelay's endpoints, such as <c>/ai</c>; empty at the root. URLs in the answer begin with it.</summary>
    public static string Of(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var end = 0;
        for (var left = context.GetEndpoint()?.Metadata.GetMetadata<BasePath>()?.Segments ?? 0; left > 0 && end < path.Length; left--)
            end = path.IndexOf('/', end + 1) is > 0 and var next ? next : path.Length;

        // Two slashes at the beginning would name another host.
        var found = context.Request.PathBase.Add(path[..end]).ToUriComponent();
        return found.StartsWith("//", StringComparison.Ordinal) ? $"/{found.TrimStart('/')}" : found;
    }
}
