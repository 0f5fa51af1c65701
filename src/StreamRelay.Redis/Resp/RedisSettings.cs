using System.Globalization;

namespace StreamRelay.Redis.Resp;

/// <summary>The settings <c>key=value</c> of a connection string.</summary>
internal static class RedisSettings
{
    private static readonly Dictionary<string, Func<RedisOptions, string, RedisOptions>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = (options, value) => options with { User = value },
        ["password"] = (options, value) => options with { Password = value },
        ["ssl"] = (options, value) => options with { UseTls = Truth("ssl", value) },
        ["sslHost"] = (options, value) => options with { TlsHost = value },
        ["caFile"] = (options, value) => options with { CaFile = value },
        ["defaultDatabase"] = (options, value) => options with { Database = Database(value) },
        ["name"] = (options, value) => options with { ClientName = value },
        ["connectTimeout"] = (options, value) => options with { ConnectTimeout = Milliseconds("connectTimeout", value) },
        ["syncTimeout"] = (options, value) => options with { ReplyTimeout = Milliseconds("syncTimeout", value) },
        ["asyncTimeout"] = (options, value) => options with { ReplyTimeout = Milliseconds("asyncTimeout", value) },
        // A connection is always tried again; whether the start waits for it is not said here.
        ["abortConnect"] = (options, _) => options,
    };

    public static RedisOptions Parse(string connectionString)
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].Contains('='))
            throw new FormatException("The connection string of Redis has to begin with host[:port].");

        var (host, port) = Endpoint(parts[0]);
        return Apply(new() { Host = host, Port = port }, parts.AsSpan(1));
    }

    public static RedisOptions Apply(RedisOptions options, ReadOnlySpan<string> settings)
    {
        foreach (var setting in settings)
        {
            if (setting.IndexOf('=') is var end && end <= 0)
                throw new FormatException("A part of the connection string of Redis is not key=value; a server may be named only once, and only at the beginning.");

            options = Find(setting[..end].Trim())(options, setting[(end + 1)..].Trim());
        }

        return options;
    }

    public static (string Host, int Port) Endpoint(string text)
    {
        var end = text.IndexOf(':');
        if (text.StartsWith('['))
            end = text.IndexOf(']') + 1;
        else if (end < 0)
            end = text.Length;

        var host = text[..end].Trim('[', ']');
        if (host.Length == 0 || host.AsSpan().ContainsAny(" /@\\") || text[end..] is not ("" or [':', ..]))
            throw new FormatException("The connection string of Redis has no valid host.");

        return (host, end == text.Length ? 6379 : Number("port", text[(end + 1)..], 1, 65_535));
    }

    public static int Database(string text) => Number("database", text, 0, int.MaxValue);

    private static Func<RedisOptions, string, RedisOptions> Find(string key)
    {
        if (Known.TryGetValue(key, out var apply))
            return apply;

        // What does not look like a key may be the rest of a password with a comma in it.
        var name = key.All(char.IsAsciiLetter) ? $"'{key}'" : "one";
        throw new FormatException($"The connection string of Redis has an unknown key, {name}; the known ones are {string.Join(", ", Known.Keys)}.");
    }

    private static bool Truth(string key, string value) =>
        bool.TryParse(value, out var truth) ? truth : throw new FormatException($"In the connection string of Redis, {key} is neither true nor false.");

    private static TimeSpan Milliseconds(string key, string value) => TimeSpan.FromMilliseconds(Number(key, value, 1, int.MaxValue));

    private static int Number(string key, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"In the connection string of Redis, {key} is not a number from {least} to {most}.");
}
