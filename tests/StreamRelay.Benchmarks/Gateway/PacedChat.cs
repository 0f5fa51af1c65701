using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Http.Headers;

namespace StreamRelay.Benchmarks.Gateway;

/// <summary>One chat with the paced model, straight or through a gateway, and the times that its client sees.</summary>
internal static class PacedChat
{
    private static readonly byte[] Content = "\"content\":\""u8.ToArray();
    private static readonly byte[] Body = """{"model":"paced","stream":true,"messages":[{"role":"user","content":"go"}]}"""u8.ToArray();

    /// <returns>The time from the request to the first delta, and how long each delta was on its way.</returns>
    /// <exception cref="InvalidOperationException">A delta is missing.</exception>
    public static async Task<PacedTimes> RunAsync(HttpClient client)
    {
        var started = Stopwatch.GetTimestamp();
        var first = TimeSpan.Zero;
        List<TimeSpan> ways = [];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var pipe = PipeReader.Create(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        while (await pipe.ReadAsync() is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            var arrived = Stopwatch.GetTimestamp();
            var rest = read.Buffer;
            while (TryReadLine(ref rest, out var line))
            {
                if (SentAt(line) is not { } sent)
                    continue;

                if (ways.Count == 0)
                    first = Stopwatch.GetElapsedTime(started, arrived);

                ways.Add(Stopwatch.GetElapsedTime(sent, arrived));
            }

            pipe.AdvanceTo(rest.Start, rest.End);
        }

        return ways.Count == PacedModel.Deltas ? new(first, ways) : throw new InvalidOperationException($"{ways.Count} of {PacedModel.Deltas} deltas arrived.");
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.PositionOf((byte)'\n');
        line = end is { } position ? rest.Slice(0, position).ToArray() : default;
        if (end is { } found)
            rest = rest.Slice(rest.GetPosition(1, found));

        return end is not null;
    }

    private static long? SentAt(ReadOnlySpan<byte> line) =>
        line.IndexOf(Content) is var index and >= 0 && Utf8Parser.TryParse(line[(index + Content.Length)..], out long sent, out _) ? sent : null;
}
