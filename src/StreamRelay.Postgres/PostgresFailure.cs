using System.Net.Sockets;
using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Creates the exceptions that explain why the database cannot be used and how to correct that.</summary>
internal static class PostgresFailure
{
    public static IOException From(string reason, Exception? cause = null) =>
        new($"PostgreSQL cannot be used: {reason} The setting is {PostgresConnectionString.Key}.", cause);

    public static IOException From(NpgsqlException exception, NpgsqlConnectionStringBuilder settings) =>
        From(exception is PostgresException error ? Explain(error, settings) : Explain(exception, settings), exception);

    private static string Explain(PostgresException error, NpgsqlConnectionStringBuilder settings) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"the server refuses the user '{settings.Username}' ({error.MessageText}): check Username and Password.",
        PostgresErrorCodes.InvalidCatalogName => $"there is no database '{Database(settings)}': create it (CREATE DATABASE), or correct Database.",
        PostgresErrorCodes.CannotConnectNow => $"{error.MessageText}: start again when it is up.",
        PostgresErrorCodes.TooManyConnections => $"{error.MessageText}: raise max_connections, or lower 'Maximum Pool Size'.",
        _ => $"{error.MessageText} ({error.SqlState}).",
    };

    private static string Explain(NpgsqlException exception, NpgsqlConnectionStringBuilder settings) => exception.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            $"the host '{settings.Host}' is not known: correct Host.",
        SocketException socket => $"nothing answers at {settings.Host}:{settings.Port} ({socket.Message}): start the server, or correct Host and Port.",
        TimeoutException => $"{settings.Host}:{settings.Port} does not answer in time: check Host, Port and the firewall.",
        AggregateException several => $"none of the hosts '{settings.Host}' is a primary that answers ({string.Join("; ", several.InnerExceptions.Select(one => one.Message))}).",
        _ => $"{exception.Message}.",
    };

    private static string Database(NpgsqlConnectionStringBuilder settings) => settings.Database ?? settings.Username ?? "";
}
