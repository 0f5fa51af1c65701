using System.Net;
using System.Text.Json;
using StreamRelay.Client.Errors;

namespace StreamRelay.Client.Http;

/// <summary>Reads the answers that are no success.</summary>
internal static class ClientErrors
{
    /// <summary>The exception for an answer, with the server's own message where the body has one.</summary>
    public static async Task<RelayException> ReadAsync(HttpResponseMessage answer, TimeProvider time, CancellationToken cancellationToken)
    {
        var error = Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        var message = Text(error, "message") ?? $"The server answered {(int)answer.StatusCode} {answer.ReasonPhrase}.";
        var code = Text(error, "code");
        var param = Text(error, "param");
        var status = answer.StatusCode;
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RelayUnauthorizedException(message) { StatusCode = status, Code = code, Param = param },
            HttpStatusCode.NotFound => new RelayNotFoundException(message) { StatusCode = status, Code = code, Param = param },
            HttpStatusCode.Gone => new RelayGapException(message, Number(error, "last_sequence")) { StatusCode = status, Code = code, Param = param },
            _ => new(message) { StatusCode = status, Code = code, Param = param, RetryAfter = RetryAfter(answer, time) },
        };
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("error", out var error) ? error : default;
        }
        catch (JsonException)
        {
            // A proxy answers with a page of its own.
            return default;
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static long? Number(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var number) && number.TryGetInt64(out var value) ? value : null;

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
