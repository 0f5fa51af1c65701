namespace StreamRelay.Redis.Resp;

/// <summary>The connection string <c>redis[s]://[user:password@]host[:port][/database][?key=value&amp;…]</c>.</summary>
internal static class RedisUri
{
    public static RedisOptions Parse(string connectionString)
    {
        var (scheme, rest) = Cut(connectionString, connectionString.IndexOf("://", StringComparison.Ordinal), 3);
        var useTls = scheme.ToLowerInvariant() switch
        {
            "redis" => false,
            "rediss" => true,
            _ => throw new FormatException("The connection string of Redis has to begin with redis:// or rediss://."),
        };
        (rest, var query) = Cut(rest, rest.IndexOf('?'), 1);
        (var authority, var path) = Cut(rest, rest.IndexOf('/'), 1);
        var at = authority.LastIndexOf('@');
        var (host, port) = RedisSettings.Endpoint(authority[(at + 1)..]);
        var options = new RedisOptions { Host = host, Port = port, UseTls = useTls, Database = path.Length == 0 ? 0 : RedisSettings.Database(path) };
        if (at >= 0)
            options = WithUser(options, authority[..at]);

        var settings = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        return RedisSettings.Apply(options, Array.ConvertAll(settings, Uri.UnescapeDataString));
    }

    private static RedisOptions WithUser(RedisOptions options, string text)
    {
        var (user, password) = Cut(text, text.IndexOf(':'), 1);
        if (password.Length == 0)
            throw new FormatException("The connection string of Redis names a user without a password; it has to be user:password@ or :password@.");

        return options with { User = user.Length == 0 ? null : Uri.UnescapeDataString(user), Password = Uri.UnescapeDataString(password) };
    }

    private static (string Before, string After) Cut(string text, int at, int length) =>
        at < 0 ? (text, "") : (text[..at], text[(at + length)..]);
}
