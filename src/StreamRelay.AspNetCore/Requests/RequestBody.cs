using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>A JSON request body.</summary>
/// <param name="Bytes">The bytes of the body.</param>
/// <param name="Json">The value that they hold.</param>
public sealed record RequestBody(ReadOnlyMemory<byte> Bytes, JsonElement Json)
{
    // The bytes, and the JSON value with its own.
    private const long BodyCopies = 2;
    private const long MostDiscarded = 64 << 20;

    /// <summary>Reads a JSON object; the content type is ignored.</summary>
    /// <exception cref="RequestException">The body is not a JSON object, is nested too deeply, is too large or holds text that is not valid Unicode.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        var body = await ReadAnyAsync(context, static bytes => new RequestBody(bytes, JsonElement.Parse(bytes, JsonDepth.Document)));
        if (body.Json.ValueKind != JsonValueKind.Object)
            throw RequestException.Invalid("The body must be a JSON object.", code: "invalid_json");

        return InvalidUnicode.Find(body.Bytes.Span) is { } field ? throw InvalidUnicode.In(field) : body;
    }

    /// <summary>Reads any JSON; the content type is ignored.</summary>
    /// <param name="context">The request.</param>
    /// <param name="read">Reads the bytes. It throws <see cref="JsonException"/> when they are not JSON.</param>
    /// <exception cref="RequestException">The body is not JSON, is nested too deeply or is too large.</exception>
    /// <exception cref="StreamRelay.Streams.MemoryBudgetException">The memory is used up.</exception>
    internal static async ValueTask<T> ReadAnyAsync<T>(HttpContext context, Func<byte[], T> read)
    {
        ArgumentNullException.ThrowIfNull(context);
        var bytes = await ReadDecodedAsync(context);
        RequestMemory.Take(context, BodyCopies * bytes.Length);
        if (!Utf8.IsValid(bytes))
            throw RequestException.Invalid("The body is not valid UTF-8.", code: "invalid_json");

        try
        {
            return read(bytes);
        }
        catch (JsonException exception)
        {
            throw RequestException.Invalid(
                $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}), or nested deeper than {JsonDepth.Max}.", code: "invalid_json");
        }
    }

    private static async ValueTask<byte[]> ReadDecodedAsync(HttpContext context)
    {
        try
        {
            return await ReadBytesAsync(context);
        }
        catch (InvalidDataException)
        {
            throw RequestException.Invalid("The body is not in the encoding that 'Content-Encoding' names.", "Content-Encoding", "invalid_encoding");
        }
    }

    private static async ValueTask<byte[]> ReadBytesAsync(HttpContext context)
    {
        // The server's own limit would close the connection while the client is still sending, and few clients read the answer then.
        var limit = long.MaxValue;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            limit = size.MaxRequestBodySize ?? limit;
            size.MaxRequestBodySize = null;
        }

        return await ReadBytesAsync(RequestEncoding.DecodedBody(context), limit, context.RequestAborted)
            ?? throw new RequestException(StatusCodes.Status413PayloadTooLarge,
                new($"The body is larger than {limit} bytes (StreamRelay:Limits:BodyBytes).", "invalid_request_error", null, "body_too_large"));
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        return reader.IsNext(Encoding.UTF8.Preamble) ? body.Slice(Encoding.UTF8.Preamble.Length) : body;
    }

    /// <returns><see langword="null"/> when the body is larger than <paramref name="limit"/>.</returns>
    private static async ValueTask<byte[]?> ReadBytesAsync(PipeReader body, long limit, CancellationToken cancellationToken)
    {
        long discarded = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (discarded + read.Buffer.Length is var total && total > limit)
            {
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || total > limit + MostDiscarded)
                    return null;

                discarded = total;
                continue;
            }

            if (read.IsCompleted)
            {
                var bytes = WithoutByteOrderMark(read.Buffer).ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
