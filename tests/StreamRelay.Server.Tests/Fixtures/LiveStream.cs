using System.Text;

namespace StreamRelay.Server.Fixtures;

/// <summary>A response that is read while it is written.</summary>
internal sealed class LiveStream(string protocol, HttpResponseMessage answer) : IDisposable
{
    private readonly StringBuilder _seen = new();
    private StreamReader? _reader;

    public HttpResponseMessage Answer => answer;

    public string Protocol => protocol;

    public string TaskId => answer.Headers.GetValues("X-Task-Id").Single();

    /// <summary>Reads until a line contains the text.</summary>
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

    /// <summary>Reads the rest, and returns everything received.</summary>
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
