namespace StreamRelay.Postgres;

/// <summary>The SQL of each version of the tables.</summary>
internal static class PostgresTables
{
    /// <summary>
    /// Version 1. Times are ticks of 100 ns since year 1, so that a record is read back exactly. Text in an index has the collation C, so that a new version of the server's
    /// locales breaks no index. Of text whose length is not limited, only the beginning or a hash is in an index.
    /// </summary>
    public const string Create = """
        create table streamrelay.version (number int not null);
        insert into streamrelay.version values (0);

        create table streamrelay.tasks (
          id uuid primary key, format smallint not null, agent text collate "C" not null, owner text collate "C" not null, created_at bigint not null,
          session_id text collate "C", operation_id text collate "C", tool_call_id text, idempotency_key text, body_hash text,
          ephemeral boolean not null, metadata bytea not null, protocol bytea not null,
          state smallint not null, epoch bigint not null, version bigint not null, stop_requested boolean not null, node text, started_at bigint, ended_at bigint,
          last_offset bigint not null, bytes bigint not null, prompt_tokens bigint, completion_tokens bigint, usage_estimated boolean,
          result text, error_code text, error_message text, files json not null,
          content bytea not null, options bytea not null, key_hash bytea, writers jsonb not null);
        create unique index tasks_key on streamrelay.tasks (owner, key_hash) where key_hash is not null;
        create index tasks_owner on streamrelay.tasks (owner, id);
        create index tasks_agent on streamrelay.tasks (agent, owner, id);
        create index tasks_state on streamrelay.tasks (state, owner, id);
        create index tasks_session on streamrelay.tasks (left(session_id, 200), owner, id) where session_id is not null;
        create index tasks_operation on streamrelay.tasks (left(operation_id, 200), owner, id) where operation_id is not null;
        create index tasks_stopping on streamrelay.tasks (state) where stop_requested and state < 3;
        create index tasks_ephemeral on streamrelay.tasks (id) where ephemeral;
        create index tasks_ended on streamrelay.tasks (ended_at) where ended_at is not null;

        create table streamrelay.files (id uuid primary key, task uuid not null, name text collate "C" not null, size bigint);
        create unique index files_name on streamrelay.files (task, name) where size is not null;
        create index files_task on streamrelay.files (task);

        create table streamrelay.chunks (
          file uuid not null references streamrelay.files on delete cascade, number int not null, bytes bytea not null, primary key (file, number));
        alter table streamrelay.chunks alter column bytes set storage external;

        create table streamrelay.keys (id text primary key, xml text not null, created_at timestamptz not null default now());
        """;

    /// <summary>Version 2: the cluster that the database belongs to.</summary>
    public const string AddClusterTable = """
        create table streamrelay.fleet (single boolean primary key default true check (single), id uuid not null, prefix text not null);
        """;

    /// <summary>Version 3: the titles of tasks.</summary>
    public const string AddTitle = "alter table streamrelay.tasks add column title text;";

    /// <summary>Version 4: messages about the ends of tasks, and whether other processes append a task's events. A message outlives its task.</summary>
    public const string AddOutbox = """
        create table streamrelay.outbox (
          queue text collate "C" not null, task uuid not null, due_at bigint not null, attempts int not null, body bytea not null, primary key (queue, task));
        create index outbox_due on streamrelay.outbox (queue, due_at);
        alter table streamrelay.tasks add column external boolean not null default false;
        """;

    /// <summary>Version 5: API keys. A revoked one is kept, and has expired. Times are milliseconds since 1970.</summary>
    public const string AddApiKeys = """
        create table streamrelay.api_keys (
          hash text collate "C" primary key, owner text not null, scopes text[] not null, agents text[] not null, requests int not null, note text,
          created_at bigint not null, expires_at bigint, used_at bigint);
        """;

    /// <summary>Version 6: the key that started a task.</summary>
    public const string AddKeyId = """
        alter table streamrelay.tasks add column key_id text collate "C";
        create index tasks_key_id on streamrelay.tasks (key_id) where state = 1;
        """;

    /// <summary>Version 7: conversations that clients create. The sequence of the items is the order in which they were appended. Times are milliseconds since 1970.</summary>
    public const string AddConversations = """
        create table streamrelay.conversations (
          id text collate "C" primary key, owner text collate "C" not null, created_at bigint not null, used_at bigint not null, metadata bytea not null,
          agents text[] not null, items bigint not null, bytes bigint not null);
        create index conversations_used on streamrelay.conversations (used_at);
        create table streamrelay.conversation_items (
          sequence bigint generated always as identity primary key, conversation text collate "C" not null references streamrelay.conversations on delete cascade,
          id text collate "C" not null, json bytea not null);
        create unique index conversation_items_id on streamrelay.conversation_items (conversation, id);
        create index conversation_items_order on streamrelay.conversation_items (conversation, sequence);
        """;

    /// <summary>Version 8: the path below which the caller of a task found the routes.</summary>
    public const string AddBasePath = "alter table streamrelay.tasks add column base_path text not null default '';";

    /// <summary>Version 9: the result of a task is JSON, as it was given. The column <c>result</c> has the texts of earlier versions, also of nodes that still run.</summary>
    public const string AddResultJson = "alter table streamrelay.tasks add column result_json text;";
}
