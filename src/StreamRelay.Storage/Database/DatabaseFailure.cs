using Microsoft.Data.Sqlite;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Database;

/// <summary>Translates the failures of SQLite into those that the callers of a store expect.</summary>
internal static class DatabaseFailure
{
    // https://sqlite.org/rescode.html
    private const int Permission = 3, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, Protocol = 15, NotADatabase = 26;

    /// <summary>Whether the database, and not the statement, is the cause.</summary>
    public static bool Matches(SqliteException exception) =>
        exception.SqliteErrorCode is Permission or Busy or Locked or NoMemory or ReadOnly or InputOutput or Corrupt or Full or CannotOpen or Protocol or NotADatabase;

    /// <summary>Whether a row has another form than this version writes.</summary>
    public static bool IsUnreadableRow(Exception exception) =>
        exception is InvalidOperationException and not ObjectDisposedException or InvalidCastException or ArgumentException or OverflowException;

    /// <summary>An <see cref="IOException"/> with the way out for a damaged file.</summary>
    public static IOException Damaged(Exception exception, string path) =>
        new($"The database '{path}' is damaged ({exception.Message}): restore it from a backup, or set {StorageOptions.DataPathKey} to another folder.", exception);

    /// <summary>A <see cref="StoreUnavailableException"/> for what may pass, such as a full disk; else as <see cref="Damaged"/>.</summary>
    public static IOException From(SqliteException exception, string path) => exception.SqliteErrorCode is Corrupt or NotADatabase
        ? Damaged(exception, path)
        : new StoreUnavailableException($"The database '{path}' cannot be used now: {exception.Message}", exception);
}
