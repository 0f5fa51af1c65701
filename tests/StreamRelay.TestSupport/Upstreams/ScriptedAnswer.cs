using System.Text;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>An answer of a hostile upstream: the pieces that it sends, each in a packet of its own.</summary>
/// <param name="Head">The status line and the headers, without the empty line behind them.</param>
/// <param name="Body">The body. It ends with the connection.</param>
public sealed record ScriptedAnswer(string Head, byte[] Body)
{
    /// <summary>Where the body is split into packets.</summary>
    public IReadOnlyList<int> Splits { get; init; } = [];

    /// <summary>Whether the connection is reset instead of closed.</summary>
    public bool IsReset { get; init; }

    /// <summary>The pieces, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces
    {
        get
        {
            yield return Encoding.UTF8.GetBytes($"{Head}\r\nConnection: close\r\n\r\n");
            var start = 0;
            foreach (var end in Splits.Append(Body.Length))
            {
                yield return Body.AsMemory(start..end);
                start = end;
            }
        }
    }

    /// <summary>An event stream.</summary>
    public static ScriptedAnswer Stream(string body) => new("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream", Encoding.UTF8.GetBytes(body));

    /// <summary>A JSON document.</summary>
    public static ScriptedAnswer Json(string body, string status = "200 OK") => new($"HTTP/1.1 {status}\r\nContent-Type: application/json", Encoding.UTF8.GetBytes(body));

    /// <summary>The same bytes, split at random places, also within characters and frames.</summary>
    public ScriptedAnswer Split(Random random, int pieces) =>
        this with { Splits = [.. Enumerable.Range(0, pieces).Select(_ => random.Next(Body.Length + 1)).Order()] };
}
