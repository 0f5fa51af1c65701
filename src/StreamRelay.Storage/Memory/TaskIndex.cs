using StreamRelay.Tasks;

namespace StreamRelay.Storage.Memory;

/// <summary>Keeps all task records in memory, indexed by id, by owner and idempotency key, and by owner and conversation, in the order of their ids.</summary>
internal sealed class TaskIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, TaskRecord> _records = [];
    private readonly Dictionary<(string Owner, string Key), TaskId> _keys = [];
    private readonly Dictionary<(string Owner, string Session), List<TaskId>> _sessions = [];
    private readonly List<TaskId> _order = [];

    public TaskRecord? Find(TaskId id)
    {
        lock (_gate)
            return _records.GetValueOrDefault(id);
    }

    public TaskRecord? FindByKey(string owner, string key)
    {
        lock (_gate)
            return _keys.TryGetValue((owner, key), out var id) ? _records[id] : null;
    }

    /// <summary>Adds a task, unless its owner has a task with the same idempotency key.</summary>
    /// <returns>The task that has the key, or <see langword="null"/> when the new task was added.</returns>
    /// <exception cref="InvalidOperationException">A task with the same id exists.</exception>
    public TaskRecord? Add(TaskRecord record)
    {
        lock (_gate)
        {
            var request = record.Request;
            if (request.IdempotencyKey is { } key && _keys.TryGetValue((request.Owner, key), out var holder))
                return _records[holder];
            if (!_records.TryAdd(record.Id, record))
                throw IdTaken(record.Id);

            if (request.IdempotencyKey is not null)
                _keys.Add((request.Owner, request.IdempotencyKey), record.Id);
            _order.Insert(~_order.BinarySearch(record.Id), record.Id);
            if (request.SessionId is { } session)
                AddToSession((request.Owner, session), record.Id);
            return null;
        }
    }

    /// <summary>Replaces a record by a newer version of it.</summary>
    /// <returns><see langword="false"/> when the current version is not <paramref name="expected"/>.</returns>
    public bool Replace(TaskRecord record, long expected)
    {
        lock (_gate)
        {
            if (!_records.TryGetValue(record.Id, out var stored) || stored.Version != expected)
                return false;
            _records[record.Id] = record;
            return true;
        }
    }

    public bool Remove(TaskId id)
    {
        lock (_gate)
        {
            if (!_records.Remove(id, out var record))
                return false;
            if (record.Request.IdempotencyKey is { } key)
                _keys.Remove((record.Request.Owner, key));
            _order.RemoveAt(_order.BinarySearch(id));
            if (record.Request.SessionId is { } session)
                RemoveFromSession((record.Request.Owner, session), id);
            return true;
        }
    }

    /// <summary>Returns the records that match a query, newest first.</summary>
    public List<TaskRecord> List(TaskQuery query)
    {
        var found = new List<TaskRecord>();
        lock (_gate)
        {
            var order = query is { Owner: { } owner, SessionId: { } session } ? _sessions.GetValueOrDefault((owner, session), []) : _order;
            for (var index = End(order, query.Before) - 1; index >= 0 && found.Count < query.Limit; index--)
            {
                var record = _records[order[index]];
                if (Matches(record, query))
                    found.Add(record);
            }
        }

        return found;
    }

    public static InvalidOperationException IdTaken(TaskId id) => new($"Task {id} exists or was deleted recently, and its id cannot be used again.");

    private void AddToSession((string, string) session, TaskId id)
    {
        if (!_sessions.TryGetValue(session, out var order))
            _sessions.Add(session, order = []);
        order.Insert(~order.BinarySearch(id), id);
    }

    private void RemoveFromSession((string, string) session, TaskId id)
    {
        var order = _sessions[session];
        order.Remove(id);
        if (order.Count == 0)
            _sessions.Remove(session);
    }

    private static int End(List<TaskId> order, TaskId? before)
    {
        if (before is not { } id)
            return order.Count;
        var position = order.BinarySearch(id);
        return position < 0 ? ~position : position;
    }

    private static bool Matches(TaskRecord record, TaskQuery query) =>
        (query.Owner is null || query.Owner == record.Request.Owner)
        && (query.Agent is null || query.Agent == record.Request.Agent)
        && (query.Agents is null || query.Agents.Contains(record.Request.Agent))
        && (query.State is null || query.State == record.State)
        && (query.SessionId is null || query.SessionId == record.Request.SessionId)
        && (query.StopRequested is null || query.StopRequested == record.StopRequested)
        && (query.Ephemeral is null || query.Ephemeral == record.Request.Ephemeral)
        && (query.OperationId is null || query.OperationId == record.Request.OperationId)
        && (query.EndedBefore is null || record.EndedAt <= query.EndedBefore);
}
