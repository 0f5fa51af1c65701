using Microsoft.Data.Sqlite;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Database;

/// <summary>Translates the failures of SQLite into those that the callers of a store expect.</summary>
internal static class DatabaseFailure
{
    // https://sqlite.org/rescode.html
    private const int Permission = 3, Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, Protocol = 15, NotADatabase = 26;

    /// <summary>Whether every other change would fail as well. Damage to a page that one change needs, such as a missing table or a row that occurs twice, fails that change alone.</summary>
    public static bool IsOfAll(SqliteException exception) => MayPass(exception) || exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Whether a row has another form than this version writes.</summary>
    public static bool IsUnreadableRow(Exception exception) =>
        exception is InvalidOperationException and not ObjectDisposedException or InvalidCastException or ArgumentException or OverflowException;

    /// <summary>An <see cref="IOException"/> with the way out for a damaged file.</summary>
    public static IOException Damaged(Exception exception, string path) =>
        new($"The database '{path}' is damaged ({exception.Message}): restore it from a backup, or set {StorageOptions.DataPathKey} to another folder.", exception);

    /// <summary>A <see cref="StoreUnavailableException"/> for what may pass, such as a full disk; else as <see cref="Damaged"/>, because the statements themselves are correct.</summary>
    public static IOException From(SqliteException exception, string path) => MayPass(exception)
        ? new StoreUnavailableException($"The database '{path}' cannot be used now: {exception.Message}", exception)
        : Damaged(exception, path);

    private static bool MayPass(SqliteException exception) =>
        exception.SqliteErrorCode is Permission or Busy or Locked or NoMemory or ReadOnly or InputOutput or Full or CannotOpen or Protocol;
}
