using System.Text;

namespace StreamRelay.Server.Fixtures;

/// <summary>A stream that is being read.</summary>
internal sealed class LiveStream(string protocol, HttpResponseMessage answer) : IDisposable
{
    private readonly StringBuilder _seen = new();
    private StreamReader? _reader;

    public HttpResponseMessage Answer => answer;

    public string Protocol => protocol;

    public string TaskId => answer.Headers.GetValues("X-Task-Id").Single();

    /// <summary>Reads on until a line has the text in it.</summary>
    public async Task ReadUntilAsync(string text)
    {
        _reader ??= new(await answer.Content.ReadAsStreamAsync());
        while (await _reader.ReadLineAsync() is { } line)
        {
            _seen.Append(line).Append('\n');
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"{protocol} ended without {text}:\n{_seen}");
    }

    /// <summary>Reads the rest, and returns all that came.</summary>
    public async Task<string> ReadToEndAsync()
    {
        _reader ??= new(await answer.Content.ReadAsStreamAsync());
        return _seen.Append(await _reader.ReadToEndAsync()).ToString();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        answer.Dispose();
    }
}
