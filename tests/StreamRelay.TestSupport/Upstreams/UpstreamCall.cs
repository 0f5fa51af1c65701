using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>A request that a hostile upstream received.</summary>
/// <param name="Target">The method and the path.</param>
/// <param name="Headers">The headers, by lower-case name.</param>
/// <param name="Body">The body.</param>
public sealed record UpstreamCall(string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The text of the last message, which tests choose the answer by.</summary>
    public string LastText => Text(Messages.EnumerateArray().Last());

    /// <summary>The messages of the conversation, or its items.</summary>
    public JsonElement Messages => Json.TryGetProperty("input", out var items) ? items : Json.GetProperty("messages");

    private static string Text(JsonElement message) => (message.TryGetProperty("output", out var output) ? output : message.GetProperty("content")) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        var parts => string.Concat(parts.EnumerateArray().Select(static part => part.TryGetProperty("text", out var text) ? text.GetString() : Text(part))),
    };

    /// <summary>Reads one request with a body of known length.</summary>
    internal static async Task<UpstreamCall> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[16 << 10];
        var (count, head) = (0, -1);
        while (head < 0)
        {
            if (count == bytes.Length)
                Array.Resize(ref bytes, count * 2);

            count += await stream.ReadAsync(bytes.AsMemory(count), cancellationToken) is var read and > 0 ? read : throw new EndOfStreamException("The request has no end.");
            head = bytes.AsSpan(0, count).IndexOf(HeadEnd);
        }

        var lines = Encoding.Latin1.GetString(bytes, 0, head).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(field => field[0].ToLowerInvariant(), field => field[1].Trim());
        var body = new byte[int.Parse(headers["content-length"], CultureInfo.InvariantCulture)];
        var first = bytes.AsMemory((head + HeadEnd.Length)..count);
        first.CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(first.Length), cancellationToken);
        return new(lines[0], headers, Encoding.UTF8.GetString(body));
    }
}
