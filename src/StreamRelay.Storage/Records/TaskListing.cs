using System.Text;
using StreamRelay.Storage.Database;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>The condition, order and limit of the SQL query for a <see cref="TaskQuery"/>.</summary>
internal static class TaskListing
{
    /// <summary>The sequence before which the list of a query starts; <see cref="long.MaxValue"/> for the newest task.</summary>
    public static long Start(DatabaseSession session, TaskQuery query)
    {
        if (query.Before is not { } before)
            return long.MaxValue;

        var id = ("$id", (object?)before.ToBytes());
        return session.Find("select sequence from tasks where id = $id", row => (long?)row.GetInt64(0), id)

            // The task was deleted since its page was read: the next earlier one is the first of the next page.
            ?? session.Find("select sequence + 1 from tasks where id < $id order by id desc limit 1", row => row.GetInt64(0), id);
    }

    /// <summary>The SQL behind <c>where</c> for tasks <c>t</c>, and its values. Flags are literals, so that SQLite can choose a partial index.</summary>
    public static (string Sql, (string Name, object? Value)[] Values) Page(TaskQuery query, long before, int limit)
    {
        var sql = new StringBuilder("1");
        List<(string, object?)> values = [];
        Add("t.owner = $owner", "$owner", query.Owner);
        Add("t.agent = $agent", "$agent", query.Agent);
        AnyAgent();
        Add("t.session = $session", "$session", query.SessionId);
        Add("t.operation = $operation", "$operation", query.OperationId);
        Flag("t.stop_requested", query.StopRequested);
        Flag("t.ephemeral", query.Ephemeral);
        if (query.State is { } state)
            sql.Append(state is TaskState.Queued or TaskState.Running ? " and t.ended is null and t.state = " : " and t.state = ").Append((int)state);

        // The first page is found by the index of ends, since few tasks are old enough to match. Further pages are read in the order of the table,
        // because each of them would otherwise sort all that match: the sign keeps SQLite from using the index.
        Add(before == long.MaxValue ? "unlikely(t.ended <= $ended)" : "+t.ended <= $ended", "$ended", query.EndedBefore?.ToUnixTimeMilliseconds());
        Add("t.sequence < $before", "$before", before == long.MaxValue ? null : before);
        values.Add(("$limit", limit));
        return (sql.Append(" order by t.sequence desc limit $limit").ToString(), [.. values]);

        void Add(string condition, string name, object? value)
        {
            if (value is null)
                return;
            sql.Append(" and ").Append(condition);
            values.Add((name, value));
        }

        void AnyAgent()
        {
            if (query.Agents is not { } agents)
                return;
            sql.Append(" and t.agent in (").AppendJoin(", ", agents.Select((_, index) => $"$agent{index}")).Append(')');
            values.AddRange(agents.Select((agent, index) => ($"$agent{index}", (object?)agent)));
        }

        void Flag(string column, bool? value)
        {
            if (value is { } set)
                sql.Append(" and ").Append(column).Append(set ? " = 1" : " = 0");
        }
    }
}
