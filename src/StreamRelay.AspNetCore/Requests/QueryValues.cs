using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamRelay.Configuration;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Reads query parameters, naming the one that is wrong.</summary>
internal static class QueryValues
{
    public static string? Text(this IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public static int Number(this IQueryCollection query, string name, int fallback, int most) =>
        query.Text(name) is null ? fallback : query.Number(name, most) ?? fallback;

    /// <summary>The number, which must not be empty; <see langword="null"/> when the query does not have it.</summary>
    public static int? Number(this IQueryCollection query, string name, int most) =>
        !query.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw Wrong(name, $"a whole number from 1 to {most}");

    public static TaskState? State(this IQueryCollection query, string name) =>
        query.Text(name) is not { } text ? null
        : text.All(char.IsAsciiLetter) && Enum.TryParse<TaskState>(text, ignoreCase: true, out var state) ? state
        : throw Wrong(name, "queued, running, completed, failed or stopped");

    public static TaskId? Id(this IQueryCollection query, string name) =>
        query.Text(name) is not { } text ? null : TaskId.TryParse(text, out var id) ? id : throw Wrong(name, "a task's id");

    /// <summary>A span such as <c>90s</c>, <c>15m</c>, <c>24h</c> or <c>7d</c>; a bare number counts seconds.</summary>
    public static TimeSpan? Age(this IQueryCollection query, string name)
    {
        if (query.Text(name) is not { } text)
            return null;

        return Duration.TryParse(text, out var age)
            ? age
            : throw Wrong(name, "a time span such as 90s, 15m, 24h or 7d, and no longer than a hundred years");
    }

    /// <summary>The answer for a parameter that is not as it must be.</summary>
    public static RequestException Wrong(string name, string expected) =>
        RequestException.Invalid($"'{name}' must be {expected}.", name, "invalid_value");
}
