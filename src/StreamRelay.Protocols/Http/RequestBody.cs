using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.Protocols.Http;

/// <summary>A JSON request body: its bytes, and what they say.</summary>
/// <param name="Bytes">The body as it came.</param>
/// <param name="Json">The object in it.</param>
public sealed record RequestBody(ReadOnlyMemory<byte> Bytes, JsonElement Json)
{
    private const int MaxDepth = 64;

    /// <summary>Reads a JSON object; the content type is not looked at.</summary>
    /// <exception cref="ApiException">The body is no JSON object, is nested too deeply or is too large.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var buffer = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            var bytes = buffer.ToArray();
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = MaxDepth });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new ApiException(ApiResults.Invalid("The body must be a JSON object.", code: "invalid_json"));

            return new(bytes, json.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiResults.Invalid(
                $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}), or nested deeper than {MaxDepth}.", code: "invalid_json"));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new ApiException(ApiResults.Error(exception.StatusCode,
                new("The body is larger than StreamRelay:Limits:BodyBytes.", "invalid_request_error", null, "body_too_large")));
        }
    }
}
