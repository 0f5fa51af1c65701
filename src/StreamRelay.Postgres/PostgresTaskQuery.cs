using Npgsql;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Creates the SQL of a query for tasks.</summary>
internal static class PostgresTaskQuery
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, TaskQuery query)
    {
        var command = new NpgsqlCommand { Connection = connection };
        string[] conditions =
        [
            .. Text(command, "owner = @owner", "owner", query.Owner),
            .. Text(command, "agent = @agent", "agent", query.Agent),
            .. Value(command, "agent = any(@agents)", "agents", query.Agents?.Select(PostgresText.From).ToArray()),
            .. Text(command, "left(session_id, 200) = left(@session, 200) and session_id = @session", "session", query.SessionId),
            .. Text(command, "left(operation_id, 200) = left(@operation, 200) and operation_id = @operation", "operation", query.OperationId),
            .. Value(command, "state = @state", "state", (short?)query.State),
            .. query.StopRequested is { } stopping ? Flag("stop_requested", stopping) : [],
            .. query.Ephemeral is { } ephemeral ? Flag("ephemeral", ephemeral) : [],
            .. Value(command, "ended_at <= @ended", "ended", query.EndedBefore?.UtcTicks),
            .. Value(command, "id < @before", "before", query.Before?.Value),
        ];
        var where = conditions.Length == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        command.CommandText = $"select {TaskRow.Selected} from streamrelay.tasks{where} order by id desc limit @limit";
        command.Parameters.AddWithValue("limit", Math.Max(query.Limit, 0));
        return command;
    }

    // The value is not a parameter, because the database uses a partial index only when the SQL contains its condition.
    private static string[] Flag(string column, bool value) => [value ? column : "not " + column];

    private static string[] Text(NpgsqlCommand command, string condition, string name, string? text) =>
        Value(command, condition, name, text is null ? null : PostgresText.From(text));

    private static string[] Value(NpgsqlCommand command, string condition, string name, object? value)
    {
        if (value is null)
            return [];

        command.Parameters.AddWithValue(name, value);
        return [condition];
    }
}
