namespace StreamRelay.Storage.Database;

/// <summary>The tables of the database, as the steps that lead to them. The number of steps that were taken is the file's <c>user_version</c>.</summary>
internal static class DatabaseSchema
{
    // A released step is never changed: a later step changes what it made.
    private static readonly string[] Steps =
    [
        // The sequence is the order of insertion. Requests never change and can be large, so they are apart from the rows that each change of a task rewrites.
        """
        create table tasks (
            sequence integer primary key, id blob not null unique, owner text not null, agent text not null, session text, operation text, key text,
            ephemeral integer not null, state integer not null, stop_requested integer not null, version integer not null, ended integer, record blob not null) strict;
        create table requests (sequence integer primary key, request blob not null, content blob not null, options blob not null) strict;
        create unique index tasks_by_key on tasks (owner, key) where key is not null;
        create index tasks_by_owner on tasks (owner);
        create index tasks_by_session on tasks (session, owner) where session is not null;
        create index tasks_by_operation on tasks (operation) where operation is not null;
        create index tasks_unended on tasks (ended) where ended is null;
        create index tasks_ephemeral on tasks (ephemeral) where ephemeral = 1;
        create index tasks_by_end on tasks (ended) where ended is not null;
        create table deletions (id blob primary key) strict, without rowid;
        """,

        // Messages about the ends of tasks. A message outlives its task.
        """
        create table outbox (queue text not null, task blob not null, due integer not null, attempts integer not null, body blob not null, primary key (queue, task)) strict;
        create index outbox_by_due on outbox (queue, due);
        """,

        // Where the sealed segments of the journal contain the logs. The live bytes of a segment are those that no deletion has removed from the runs.
        """
        create table segments (sequence integer primary key, length integer not null, live integer not null) strict;
        create table runs (
            task blob not null, segment integer not null, position integer not null, length integer not null,
            first_offset integer not null, next_offset integer not null, epoch integer not null, primary key (task, segment, position)) strict, without rowid;
        create index runs_by_segment on runs (segment);
        create trigger runs_deleted after delete on runs begin update segments set live = live - old.length where sequence = old.segment; end;
        """,

        // API keys. A revoked one is kept, and has expired.
        """
        create table api_keys (
            hash text primary key, owner text not null, scopes text not null, agents text not null, requests integer not null, note text,
            created integer not null, expires integer, used integer) strict, without rowid;
        """,

        // Conversations that clients create. Each of their items has the size of a request or of an answer, so that they are apart from the rows that each addition rewrites.
        """
        create table conversations (
            id text primary key, owner text not null, created integer not null, used integer not null, metadata blob not null,
            agents text not null, items integer not null, bytes integer not null) strict, without rowid;
        create index conversations_by_use on conversations (used);
        create table conversation_items (sequence integer primary key, conversation text not null, id text not null, json blob not null) strict;
        create unique index conversation_items_by_id on conversation_items (conversation, id);
        create index conversation_items_by_order on conversation_items (conversation, sequence);
        """,
    ];

    /// <summary>Takes the steps that are missing, each in a transaction.</summary>
    /// <exception cref="IOException">A newer version wrote the file. The message names the file and the way out.</exception>
    public static void Migrate(DatabaseSession session, string path)
    {
        var version = session.Find("pragma user_version", row => row.GetInt64(0));
        if (version > Steps.Length)
            FileVersion.Check(version, Steps.Length, path);

        for (; version < Steps.Length; version++)
            session.Execute($"begin immediate; {Steps[version]} pragma user_version = {version + 1}; commit");
    }
}
