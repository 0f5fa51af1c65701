using System.Diagnostics;
using Npgsql;

namespace StreamRelay.Server.Cluster;

/// <summary>The SQL statements that this process sends to one database, by the traces of its client.</summary>
internal sealed class SqlStatements : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly List<string> _statements = [];

    public SqlStatements(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Add(activity, database),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Returns the statements since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_statements)
        {
            string[] taken = [.. _statements];
            _statements.Clear();
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Activity activity, NpgsqlConnectionStringBuilder database)
    {
        if (activity.GetTagItem("db.namespace") as string != database.Database || activity.GetTagItem("server.port") as int? != database.Port || Text(activity) is not { } text)
            return;

        lock (_statements)
            _statements.Add(text);
    }

    private static string? Text(Activity activity) => (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) as string;
}
