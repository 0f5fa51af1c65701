using System.Runtime.CompilerServices;
using System.Text;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Splits the body of an answer into frames. A body that begins like JSON is one frame: some servers ignore <c>stream</c>.</summary>
/// <remarks>The parser of .NET drops an event without an empty line behind it; several servers end their answers that way.</remarks>
internal static class AnswerBody
{
    // An image or a piece of audio is one line.
    private const long LongestLine = 64 << 20;

    private static readonly string[] Fields = ["event", "data", "id", "retry"];

    /// <summary>Reads the frames that have data.</summary>
    public static async IAsyncEnumerable<AnswerFrame> ReadAsync(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var bounded = new BoundedLines(body, LongestLine);
        using var lines = new StreamReader(bounded, Encoding.UTF8);
        var (name, data, isFirst) = ("", new StringBuilder(), true);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (isFirst && IsJson(line))
            {
                yield return new("", (line + '\n' + await lines.ReadToEndAsync(cancellationToken)).Trim());
                yield break;
            }

            isFirst &= string.IsNullOrWhiteSpace(line);
            if (line.Length > 0)
            {
                name = EventName(line) ?? name;
                if ((Field(line, "data") ?? BareJson(line)) is { } piece)
                    data.Append(piece).Append('\n');
            }
            else
            {
                if (Frame(name, data) is { } frame)
                    yield return frame;

                (name, data) = ("", data.Clear());
            }
        }

        if (Frame(name, data) is { } last)
            yield return last;
    }

    private static string? EventName(string line)
    {
        var name = Field(line, "event");
        return name?.Contains('{', StringComparison.Ordinal) == true ? throw AnswerFault.Malformed("data in the name of an event") : name;
    }

    private static AnswerFrame? Frame(string name, StringBuilder data) =>
        data.ToString().Trim() is { Length: > 0 } text ? new(name, text) : name.Length > 0 ? new(name, "") : null;

    /// <summary>JSON in a line that is no field of the format: proxies write errors into a stream that way.</summary>
    private static string? BareJson(string line) =>
        line[0] != ':' && !Fields.Any(name => Field(line, name) is not null) && line.IndexOf('{', StringComparison.Ordinal) is var start and >= 0
            ? line[start..]
            : null;

    private static string? Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ':' ? line[(name.Length + 1)..].Trim() : null;

    private static bool IsJson(string line) => line.AsSpan().TrimStart() is ['{' or '[', ..];
}
