using System.Net.Http.Headers;

namespace StreamRelay.Benchmarks.Http;

/// <summary>A request that is repeated, and how many events one carries.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Body">A body to post, or <see langword="null"/> for GET.</param>
/// <param name="Units">The events or requests that one counts as.</param>
/// <param name="ContentType">The type of the body.</param>
/// <param name="Ending">What the answer has to contain; an answer without it is an error.</param>
internal sealed record Work(string Path, string? Body = null, int Units = 1, string ContentType = "application/json", string Ending = "")
{
    public async Task SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(Body is null ? HttpMethod.Get : HttpMethod.Post, Path);
        if (Body is not null)
            request.Content = new StringContent(Body, MediaTypeHeaderValue.Parse(ContentType));

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
        var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        if (!text.Contains(Ending, StringComparison.Ordinal))
            throw new InvalidOperationException($"The answer to {Path} does not contain '{Ending}': {text[..Math.Min(text.Length, 200)]}");
    }
}
