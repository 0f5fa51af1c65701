using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamRelay.Agents.Push;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>The headers of an idempotent producer (Durable Streams, idempotent producers).</summary>
internal static class PushHeaders
{
    private const string Id = "Producer-Id";
    private const string Epoch = "Producer-Epoch";
    private const string Sequence = "Producer-Seq";
    private const int MaxIdLength = 255;
    private const long Largest = (1L << 53) - 1;

    /// <summary>The producer, with the number of the first event of the request; <see langword="null"/> when the request has none of the headers.</summary>
    /// <exception cref="RequestException">400: some are missing or malformed.</exception>
    public static Producer? Read(IHeaderDictionary headers)
    {
        if (!headers.ContainsKey(Id) && !headers.ContainsKey(Epoch) && !headers.ContainsKey(Sequence))
            return null;

        var id = headers[Id].ToString();
        return id.Length is > 0 and <= MaxIdLength
            ? new(id, Number(headers, Epoch), Number(headers, Sequence))
            : throw Wrong(Id, $"1 to {MaxIdLength} characters");
    }

    /// <summary>Writes the last event of the producer that is in the log.</summary>
    public static void Write(IHeaderDictionary headers, PushResult result, Producer? asked)
    {
        if (result.Known is { } known)
        {
            headers[Epoch] = Text(known.Epoch);
            headers[Sequence] = Text(known.Sequence);
        }

        if (result.Decision is not PushDecision.Gap || asked is not { } producer)
            return;

        headers["Producer-Expected-Seq"] = Text((result.Known?.Sequence ?? -1) + 1);
        headers["Producer-Received-Seq"] = Text(producer.Sequence);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(IHeaderDictionary headers, string name) =>
        long.TryParse(headers[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Largest
            ? number
            : throw Wrong(name, "a whole number; the three Producer headers come together");

    private static RequestException Wrong(string name, string expected) => RequestException.Invalid($"'{name}' must be {expected}.", name, "invalid_producer");
}
