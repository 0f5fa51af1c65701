using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Reads the connection string of the database.</summary>
internal static class PostgresConnectionString
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ConnectionStrings:Postgres";

    /// <exception cref="IOException">The text is not a connection string; the message contains no part of it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var settings = Read(text) ?? throw new IOException(
            $"{Key} is not a connection string for PostgreSQL. It looks like this: Host=db.example;Port=5432;Database=streamrelay;Username=streamrelay;Password=\"…\". "
            + "Put a value that has a ';', '=' or quote in it in double quotes.");
        settings.ApplicationName ??= "StreamRelay";

        // With several hosts, the connections go to the current primary.
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
            settings.TargetSessionAttributes ??= "read-write";
        return settings;
    }

    private static NpgsqlConnectionStringBuilder? Read(string text)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text) { IncludeErrorDetail = false, PersistSecurityInfo = false };
            return string.IsNullOrWhiteSpace(settings.Host) ? null : settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // The exception is discarded, because its message may contain a part of the password when a quote is missing.
            return null;
        }
    }
}
