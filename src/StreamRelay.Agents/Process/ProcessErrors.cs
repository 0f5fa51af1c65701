using System.Text;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Agents.Process;

/// <summary>Puts what a program writes to its standard error into the task's log, and keeps the end of it.</summary>
internal sealed class ProcessErrors(AgentContext context)
{
    private const int KeptLines = 20;
    private const int KeptCharacters = 4000;
    private const int LongestLine = 4000;

    private readonly Queue<string> _last = new();

    /// <summary>The last lines, or an empty text.</summary>
    public string Last
    {
        get
        {
            var text = string.Join('\n', _last);
            return text.Length > KeptCharacters ? text[^KeptCharacters..] : text;
        }
    }

    /// <summary>Reads until it is closed. Never waits for the task: a program must not stand still because of what it complains about.</summary>
    public async Task ReadAsync(Stream error)
    {
        using var reader = new StreamReader(error, Encoding.UTF8);
        var buffer = new char[LongestLine];
        var line = new StringBuilder();
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character != '\n' && line.Length < LongestLine)
                    line.Append(character);
                else
                    Add(line);
            }
        }

        Add(line);
    }

    private void Add(StringBuilder line)
    {
        if (line.Length == 0)
            return;

        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        context.TryLog(LogLevel.Warning, context.Request.Agent, text);
        _last.Enqueue(text);
        if (_last.Count > KeptLines)
            _last.Dequeue();
    }
}
