using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Maps records to rows of the table.</summary>
internal static class TaskRow
{
    private const short Format = 1;
    private const string ResultName = "result_json";

    private static readonly string[] RequestNames =
    [
        "id", "format", "agent", "owner", "created_at", "session_id", "operation_id", "tool_call_id", "idempotency_key", "body_hash",
        "ephemeral", "metadata", "protocol", "title", "external", "key_id", "base_path",
    ];

    private static readonly string[] ProgressNames =
    [
        "state", "epoch", "version", "stop_requested", "node", "started_at", "ended_at", "last_offset", "bytes",
        "prompt_tokens", "completion_tokens", "usage_estimated", ResultName, "error_code", "error_message", "files",
    ];

    /// <summary>The columns of a record, in the order in which they are written.</summary>
    public static readonly string Columns = string.Join(", ", [.. RequestNames, .. ProgressNames]);

    /// <summary>What a record is read from, in the same order. A result of an earlier version is a text.</summary>
    public static readonly string Selected = Columns.Replace(ResultName, $"coalesce({ResultName}, to_json(result)::text)", StringComparison.Ordinal);

    /// <summary>The parameters for these columns.</summary>
    public static readonly string Values = "@" + Columns.Replace(", ", ", @", StringComparison.Ordinal);

    /// <summary>The assignments of the columns that change.</summary>
    public static readonly string Changes = string.Join(", ", ProgressNames.Select(name => $"{name} = @{name}"));

    /// <exception cref="IOException">A later version wrote the row.</exception>
    public static TaskRecord Read(NpgsqlDataReader row)
    {
        CheckFormat(row.GetGuid(0), row.GetInt16(1));
        return new()
        {
            Request = ReadRequest(row),
            State = (TaskState)row.GetInt16(17),
            Epoch = row.GetInt64(18),
            Version = row.GetInt64(19),
            StopRequested = row.GetBoolean(20),
            Node = Text(row, 21),
            StartedAt = row.IsDBNull(22) ? null : Time(row.GetInt64(22)),
            EndedAt = row.IsDBNull(23) ? null : Time(row.GetInt64(23)),
            LastOffset = row.GetInt64(24),
            Bytes = row.GetInt64(25),
            Usage = row.IsDBNull(26) ? null : new(row.GetInt64(26), row.GetInt64(27), row.GetBoolean(28)),
            Result = Text(row, 29),
            Error = row.IsDBNull(30) ? null : new(row.GetString(30), row.GetString(31)),
            Files = JsonSerializer.Deserialize(row.GetString(32), PostgresJson.Default.IReadOnlyListStoredFile)!,
        };
    }

    /// <exception cref="IOException">A later version wrote the row.</exception>
    public static void CheckFormat(Guid id, short format)
    {
        if (format != Format)
            throw new IOException($"Task {new TaskId(id)} is stored in format {format}, and this version reads format {Format}: run the version that wrote it, or set {PostgresConnectionString.Key} to another database.");
    }

    public static void AddRequest(NpgsqlParameterCollection parameters, TaskRequest request)
    {
        parameters.AddWithValue("id", request.Id.Value);
        parameters.AddWithValue("format", Format);
        Add(parameters, "agent", request.Agent);
        Add(parameters, "owner", request.Owner);
        parameters.AddWithValue("created_at", request.CreatedAt.UtcTicks);
        Add(parameters, "session_id", request.SessionId);
        Add(parameters, "operation_id", request.OperationId);
        Add(parameters, "tool_call_id", request.ToolCallId);
        Add(parameters, "idempotency_key", request.IdempotencyKey);
        Add(parameters, "body_hash", request.RequestFingerprint);
        parameters.AddWithValue("ephemeral", request.Ephemeral);
        parameters.AddWithValue("metadata", NpgsqlDbType.Bytea, request.Metadata);
        parameters.AddWithValue("protocol", NpgsqlDbType.Bytea, request.Protocol);
        Add(parameters, "title", request.Title);
        parameters.AddWithValue("external", request.IsExternal);
        Add(parameters, "key_id", request.KeyId);
        Add(parameters, "base_path", request.BasePath);
    }

    public static void AddProgress(NpgsqlParameterCollection parameters, TaskRecord record, long version)
    {
        parameters.AddWithValue("state", (short)record.State);
        parameters.AddWithValue("epoch", record.Epoch);
        parameters.AddWithValue("version", version);
        parameters.AddWithValue("stop_requested", record.StopRequested);
        Add(parameters, "node", record.Node);
        Add(parameters, "started_at", record.StartedAt?.UtcTicks);
        Add(parameters, "ended_at", record.EndedAt?.UtcTicks);
        parameters.AddWithValue("last_offset", record.LastOffset);
        parameters.AddWithValue("bytes", record.Bytes);
        Add(parameters, "prompt_tokens", record.Usage?.PromptTokens);
        Add(parameters, "completion_tokens", record.Usage?.CompletionTokens);
        parameters.AddWithValue("usage_estimated", NpgsqlDbType.Boolean, (object?)record.Usage?.Estimated ?? DBNull.Value);
        Add(parameters, ResultName, record.Result);
        Add(parameters, "error_code", record.Error?.Code);
        Add(parameters, "error_message", record.Error?.Message);
        parameters.AddWithValue("files", NpgsqlDbType.Json, JsonSerializer.Serialize(record.Files, PostgresJson.Default.IReadOnlyListStoredFile));
    }

    public static void Add(NpgsqlParameterCollection parameters, string name, string? text) =>
        parameters.AddWithValue(name, NpgsqlDbType.Text, text is null ? DBNull.Value : PostgresText.From(text));

    /// <summary>Adds the hash by which a key is found, because keys may be longer than an index allows.</summary>
    public static void AddKey(NpgsqlParameterCollection parameters, string? key) =>
        parameters.AddWithValue("key_hash", NpgsqlDbType.Bytea, key is null ? DBNull.Value : SHA256.HashData(Encoding.UTF8.GetBytes(PostgresText.From(key))));

    private static TaskRequest ReadRequest(NpgsqlDataReader row) => new()
    {
        Id = new(row.GetGuid(0)),
        Agent = row.GetString(2),
        Owner = row.GetString(3),
        CreatedAt = Time(row.GetInt64(4)),
        SessionId = Text(row, 5),
        OperationId = Text(row, 6),
        ToolCallId = Text(row, 7),
        IdempotencyKey = Text(row, 8),
        RequestFingerprint = Text(row, 9),
        Ephemeral = row.GetBoolean(10),
        Metadata = row.GetFieldValue<byte[]>(11),
        Protocol = row.GetFieldValue<byte[]>(12),
        Title = Text(row, 13),
        IsExternal = row.GetBoolean(14),
        KeyId = Text(row, 15),
        BasePath = row.GetString(16),
    };

    private static void Add(NpgsqlParameterCollection parameters, string name, long? number) =>
        parameters.AddWithValue(name, NpgsqlDbType.Bigint, (object?)number ?? DBNull.Value);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
