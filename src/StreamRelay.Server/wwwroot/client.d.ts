/** How a client reaches its server, and how long it tries. Times are milliseconds. */
export interface RelayOptions {
  /** The key, or a function that is asked for it before each request. Default: none. */
  apiKey?: string | null | (() => string | null);
  /** How long requests are repeated that fail, or streams that bring neither events nor heartbeats, before the last failure is thrown. Default 120,000. */
  progressTimeout?: number;
  /** How long a request may be without an answer, and an open stream without a byte, before the connection counts as dead; more than the server's HeartbeatInterval. Default 60,000. */
  silenceTimeout?: number;
  /** The longest wait between two tries that the client chooses by itself; a server may ask for a longer one. Default 30,000. */
  maxRetryDelay?: number;
  /** Sends the requests. Default: the global `fetch`. */
  fetch?: typeof fetch;
}

/** Ends a call; what the server has begun goes on. */
export interface CallOptions {
  signal?: AbortSignal;
}

export interface StartOptions extends CallOptions {
  /** The conversation that the task continues. */
  sessionId?: string;
  /** The external operation that the task waits for. Needs `sessionId` and `toolCallId`. */
  operationId?: string;
  /** The tool call that the task answers. */
  toolCallId?: string;
  /** Anything; agents may read it. */
  metadata?: Record<string, unknown>;
  /** Starts with the same key and the same content are one task. Default: a key of this start alone, so that a start that is repeated over a cut connection runs once. */
  idempotencyKey?: string;
}

export interface ListOptions extends CallOptions {
  /** Only tasks in this state. */
  status?: TaskStatus;
  /** Only tasks of this agent. */
  agent?: string;
  /** Only tasks of this conversation. */
  sessionId?: string;
}

export interface ReadOptions extends CallOptions {
  /** The `sequence` of the last event that was read before. Default: the events from the first one. */
  after?: number | string | null;
  /** Is called when a connection is open, also after each cut. */
  onOpen?: () => void;
  /** Is called when a connection was lost, before the wait for the next one. */
  onWait?: () => void;
}

/** A message in the form of Chat Completions. */
export interface Message {
  role: 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function';
  content?: unknown;
  [field: string]: unknown;
}

export type TaskStatus = 'queued' | 'running' | 'completed' | 'failed' | 'stopped';

/** A task. Times are RFC 3339, UTC. */
export interface Task {
  id: string;
  object: 'task';
  agent: string;
  title: string | null;
  status: TaskStatus;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  session_id: string | null;
  operation_id: string | null;
  tool_call_id: string | null;
  attempt: number;
  last_sequence: number;
  readers: number;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number; estimated?: boolean } | null;
  result: unknown;
  error: { code: string; message: string } | null;
  /** The sequence of the last event that can be read, when the store has damage after it. */
  damaged_after?: number;
  files: TaskFile[];
  /** What the task was given: only from `get` and `wait`. */
  input?: string | Message[];
  metadata: Record<string, unknown> | null;
}

/** A file that a task made. */
export interface TaskFile {
  name: string;
  /** Where to download it; absolute from `files`, relative to the server in a task and in an event. */
  url: string;
  media_type: string;
  /** Its length in bytes. */
  size: number;
  /** When it was stored: only from `files`. */
  created_at?: string;
}

export type EventType =
  | 'start' | 'thought' | 'output' | 'step_start' | 'step_end' | 'action_start' | 'action_delta' | 'action'
  | 'observation' | 'file' | 'usage' | 'data' | 'log' | 'end' | 'error';

/** An event of a task. The fields after `timestamp` belong to some types only; an agent can add others. */
export interface TaskEvent {
  task_id: string;
  /** 1, 2, 3 … in each task, without gaps. */
  sequence: number;
  agent_name: string;
  event_type: EventType;
  content: string;
  timestamp: string;
  step?: string;
  tool_call_id?: string;
  tool_name?: string;
  executor?: 'agent' | 'caller';
  input?: unknown;
  output?: unknown;
  is_error?: boolean;
  name?: string;
  url?: string;
  media_type?: string;
  size?: number;
  data?: unknown;
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
  estimated?: boolean;
  level?: string;
  category?: string;
  status?: 'completed' | 'stopped';
  finish_reason?: string;
  code?: string;
  [field: string]: unknown;
}

/** The server refused a request, cannot be reached, or answered with something that is not its protocol. */
export class RelayError extends Error {
  /** The status of the answer: 401 for a wrong key, 404 for what does not exist, 410 for events that cannot be read any more; 0 when there was no answer. */
  readonly status: number;
  /** A stable code, such as `model_not_found`. */
  readonly code: string | null;
  /** The field of the request that is wrong. */
  readonly param: string | null;
  /** Of 410: the sequence of the last event that can be read. */
  readonly lastSequence: number | null;
  /** How long the server asks to wait, in milliseconds; 0 when it does not ask. */
  readonly retryAfter: number;
}

/**
 * A StreamRelay server. Requests whose answer did not arrive are repeated, with growing waits, until `progressTimeout`.
 * Every method throws a `RelayError`, or the reason of its `signal`.
 */
export class StreamRelay {
  /** @param address The server, with the path that it is mapped to. Default: where this module was loaded from. */
  constructor(address?: string | URL, options?: RelayOptions);

  /** Starts an agent; the task can be read when the promise resolves. `undefined` as agent is the server's default agent. */
  start(agent: string | undefined, input: string | Message[], options?: StartOptions): Promise<Task>;

  /** The events of a task, each once and in order, while it runs and afterwards. The last one is `end` or `error`. Leaving the loop does not stop the task. */
  read(taskId: string, options?: ReadOptions): AsyncGenerator<TaskEvent, void, undefined>;

  /** The task when it has ended. */
  wait(taskId: string, options?: CallOptions): Promise<Task>;

  /** Stops a task, and keeps its output. Stopping twice, or after the end, changes nothing. */
  stop(taskId: string, options?: CallOptions): Promise<Task>;

  /** One task as it is now. */
  get(taskId: string, options?: CallOptions): Promise<Task>;

  /** The caller's tasks, newest first. */
  list(options?: ListOptions): AsyncGenerator<Task, void, undefined>;

  /** Stops a task if it runs, and deletes it with its events and files. `false`: there is no such task. */
  delete(taskId: string, options?: CallOptions): Promise<boolean>;

  /** The names of the agents that the caller may start. */
  agents(options?: CallOptions): Promise<string[]>;

  /** The files that a task has made so far. */
  files(taskId: string, options?: CallOptions): Promise<TaskFile[]>;

  /** A file; its body rejects when the connection is cut. */
  download(taskId: string, name: string, options?: CallOptions): Promise<Response>;

  /** The URL of a stream or a file of a task with a ticket, for an `EventSource` or a link, which cannot carry a key. The ticket is valid for 60 seconds. */
  ticketUrl(url: string | URL, taskId: string, options?: CallOptions): Promise<string>;
}
