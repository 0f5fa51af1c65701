using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>The URI <c>redis[s]://[user:password@]host[:port][,host[:port]…][/database][?key=value&amp;…]</c>; the port is 6379 where none is given.</summary>
internal static class RedisUri
{
    private const int DefaultPort = 6379;

    /// <exception cref="FormatException">The text is not such a URI; the message never contains a password.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        var (scheme, rest) = Cut(text, text.IndexOf("://", StringComparison.Ordinal), 3);
        var useTls = scheme.ToLowerInvariant() switch
        {
            "redis" => false,
            "rediss" => true,
            _ => throw new FormatException("The connection string of Redis has to begin with redis:// or rediss://."),
        };
        (rest, var query) = Cut(rest, rest.IndexOf('?'), 1);
        (var authority, var path) = Cut(rest, rest.IndexOf('/'), 1);
        var at = authority.LastIndexOf('@');
        var settings = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        var options = RedisConnectionString.Create(authority[(at + 1)..].Split(','), Array.ConvertAll(settings, Uri.UnescapeDataString), DefaultPort);
        options.Ssl |= useTls;
        if (path.Length > 0)
            options.DefaultDatabase = RedisConnectionString.Database(path);
        if (at >= 0)
            Authenticate(options, authority[..at]);

        return options;
    }

    private static void Authenticate(ConfigurationOptions options, string text)
    {
        var (user, password) = Cut(text, text.IndexOf(':'), 1);
        if (password.Length == 0)
            throw new FormatException("The connection string of Redis names a user without a password; it has to be user:password@ or :password@.");

        options.User = user.Length == 0 ? null : Uri.UnescapeDataString(user);
        options.Password = Uri.UnescapeDataString(password);
    }

    private static (string Before, string After) Cut(string text, int at, int length) =>
        at < 0 ? (text, "") : (text[..at], text[(at + length)..]);
}
