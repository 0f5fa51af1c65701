using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Reads the setting that says where the database is.</summary>
internal static class PostgresConnectionString
{
    /// <summary>The setting's name.</summary>
    public const string Key = "ConnectionStrings:Postgres";

    /// <exception cref="IOException">It is not one; the message shows nothing of it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var settings = Read(text) ?? throw new IOException(
            $"{Key} is not a connection string for PostgreSQL. It looks like this: Host=db.example;Port=5432;Database=streamrelay;Username=streamrelay;Password=\"…\". "
            + "Put a value that has a ';', '=' or quote in it in double quotes.");
        settings.ApplicationName ??= "StreamRelay";

        // Of several hosts, whichever is the primary now.
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
            // Dropped with its message: where a quote is missing, that shows a piece of the password.
            return null;
        }
    }
}
