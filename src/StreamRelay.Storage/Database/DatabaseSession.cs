using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StreamRelay.Storage.Database;

/// <summary>One connection to the database, with the statements that it has prepared. One thread at a time uses it.</summary>
internal sealed class DatabaseSession : IDisposable
{
    private const int BusySeconds = 5;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    /// <summary>Opens the database file, and creates it if it does not exist.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public DatabaseSession(string path)
    {
        // A pool of the library would keep files open after this object is disposed.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds };
        _connection = new(settings.ConnectionString);
        try
        {
            _connection.Open();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether a transaction has begun and has neither been committed nor rolled back.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Executes a statement. Its text is the key of the prepared statement, so values belong into <paramref name="values"/>.</summary>
    /// <returns>The number of rows that were inserted, updated or deleted.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Executes a query.</summary>
    /// <returns>What <paramref name="read"/> returns for the first row; the default value when there is no row.</returns>
    public T? Find<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var row = Prepare(sql, values).ExecuteReader();
        return row.Read() ? read(row) : default;
    }

    /// <summary>Executes a query.</summary>
    /// <returns>What <paramref name="read"/> returns for each row.</returns>
    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var row = Prepare(sql, values).ExecuteReader();
        var found = new List<T>();
        while (row.Read())
            found.Add(read(row));
        return found;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = Create(sql, values));
        for (var index = 0; index < values.Length; index++)
            statement.Parameters[index].Value = values[index].Value ?? DBNull.Value;
        return statement;
    }

    private SqliteCommand Create(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var statement = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of the caller or composed of constants.
        statement.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, _) in values)
            statement.Parameters.Add(new() { ParameterName = name });
        return statement;
    }
}
