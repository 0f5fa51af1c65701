using System.Globalization;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>Reads <c>ConnectionStrings:Redis</c>: a configuration string of StackExchange.Redis, or a URI <c>redis[s]://…</c>.</summary>
internal static class RedisConnectionString
{
    private const string Name = "The connection string of Redis";

    /// <summary>Servers first, then settings: <c>host[:port][,host[:port]…][,key=value…]</c>; or <see cref="RedisUri"/>.</summary>
    /// <exception cref="FormatException">The text is neither; the message never contains a password.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            return RedisUri.Parse(text);

        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var servers = parts.TakeWhile(part => !part.Contains('=')).ToArray();
        return servers.Length == 0
            ? throw new FormatException($"{Name} has to begin with host[:port].")
            : Create(servers, parts[servers.Length..], defaultPort: 0);
    }

    /// <summary>Combines servers and settings.</summary>
    /// <param name="servers">Each as <c>host[:port]</c>.</param>
    /// <param name="settings">Each as <c>key=value</c>.</param>
    /// <param name="defaultPort">The port of a server without one; 0 for the default of StackExchange.Redis.</param>
    /// <exception cref="FormatException">One of them is not valid; the message never contains a password.</exception>
    public static ConfigurationOptions Create(IEnumerable<string> servers, IReadOnlyList<string> settings, int defaultPort)
    {
        var pairs = settings.Select(Split).ToArray();
        var port = pairs.Any(pair => pair.Key.Equals("serviceName", StringComparison.OrdinalIgnoreCase)) ? 0 : defaultPort;
        var library = pairs.Where(pair => !IsOurs(pair.Key)).Select(pair => $"{pair.Key}={pair.Value}");
        var options = ConfigurationOptions.Parse(string.Join(',', servers.Select(server => Endpoint(server, port)).Concat(library)));
        foreach (var (key, value) in pairs.Where(pair => IsOurs(pair.Key)))
            Apply(options, key.ToLowerInvariant(), value);

        return RedisDefaults.Apply(options, pairs.Select(pair => pair.Key).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A number of a database.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static int Database(string text) => Number("database", text, 0, int.MaxValue);

    // Passwords may contain any character, and the library knows no setting for a file with certificate authorities.
    private static bool IsOurs(string key) => key.ToLowerInvariant() is "password" or "user" or "cafile" or "defaultdatabase";

    private static void Apply(ConfigurationOptions options, string key, string value)
    {
        switch (key)
        {
            case "password":
                options.Password = value;
                break;
            case "user":
                options.User = value;
                break;
            case "defaultdatabase":
                options.DefaultDatabase = Database(value);
                break;
            default:
                RedisTls.Trust(options, value);
                break;
        }
    }

    private static (string Key, string Value) Split(string setting)
    {
        if (setting.IndexOf('=') is var end && end <= 0)
            throw new FormatException($"A part of {Name.ToLowerInvariant()} is not key=value; servers have to be named at the beginning.");

        var (key, value) = (setting[..end].Trim(), setting[(end + 1)..].Trim());
        if (!IsOurs(key))
            Check(key, value);

        return (key, value);
    }

    private static void Check(string key, string value)
    {
        try
        {
            ConfigurationOptions.Parse(value.Contains(',') ? throw new ArgumentOutOfRangeException(key) : $"localhost,{key}={value}");
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FormatException($"In {Name.ToLowerInvariant()}, {key} has a value that is not allowed.");
        }
        catch (ArgumentException)
        {
            // A text that does not look like a key may be the rest of a password with a comma in it.
            var name = key.All(char.IsAsciiLetter) ? $"'{key}'" : "one";
            throw new FormatException($"{Name} has an unknown key, {name}; the known ones are those of StackExchange.Redis and caFile.");
        }
    }

    private static string Endpoint(string text, int defaultPort)
    {
        var end = text.IndexOf(':');
        if (text.StartsWith('['))
            end = text.IndexOf(']') + 1;
        else if (end < 0)
            end = text.Length;

        var host = text[..end].Trim('[', ']');
        if (host.Length == 0 || host.AsSpan().ContainsAny(" /@\\") || text[end..] is not ("" or [':', ..]))
            throw new FormatException($"{Name} has no valid host.");

        var port = end == text.Length ? defaultPort : Number("port", text[(end + 1)..], 1, 65_535);
        return $"{text[..end]}{(port == 0 ? "" : $":{port}")}";
    }

    private static int Number(string key, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"In {Name.ToLowerInvariant()}, {key} is not a number from {least} to {most}.");
}
