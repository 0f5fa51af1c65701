using Npgsql;

namespace StreamRelay.Storage.Postgres;

/// <summary>Reads the setting that says where the database is.</summary>
internal static class PostgresConnectionString
{
    /// <summary>The setting's name.</summary>
    public const string Key = "ConnectionStrings:Postgres";

    /// <exception cref="IOException">It is not one; the message shows nothing of it, for a misplaced quote would show the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text) { IncludeErrorDetail = false, PersistSecurityInfo = false };
            settings.ApplicationName ??= "StreamRelay";
            if (!string.IsNullOrWhiteSpace(settings.Host))
                return settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // Dropped with its message, which may quote a part of the password.
        }

        throw new IOException(
            $"{Key} is not a connection string for PostgreSQL. It looks like this: Host=db.example;Port=5432;Database=streamrelay;Username=streamrelay;Password=\"…\". "
            + "Put a value that has a ';', '=' or quote in it in double quotes.");
    }
}
