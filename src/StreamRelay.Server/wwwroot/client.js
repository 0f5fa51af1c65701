// @ts-self-types="./client.d.ts"

const firstDelay = 1000;
const longestWait = 25;
const transientStatuses = new Set([408, 429, 502, 503, 504]);
// A connection that a proxy cuts at once does not last as long.
const stableTime = 5000;

/** Every failure of a client. The types, with what each field means, are in client.d.ts. */
export class RelayError extends Error {
  constructor(message, { status = 0, code = null, param = null, lastSequence = null, retryAfter = 0, cause } = {}) {
    super(message, { cause });
    this.name = 'RelayError';
    Object.assign(this, { status, code, param, lastSequence, retryAfter });
  }
}

/** A StreamRelay server: starts, reads, stops and lists tasks. */
export class StreamRelay {
  #address;
  #options;

  constructor(address = '.', options = {}) {
    this.#address = new URL(address, import.meta.url);
    if (!this.#address.pathname.endsWith('/')) this.#address.pathname += '/';
    this.#options = { apiKey: null, progressTimeout: 120_000, silenceTimeout: 60_000, maxRetryDelay: 30_000, fetch: globalThis.fetch.bind(globalThis), ...options };
  }

  /** A start that is repeated because its answer did not arrive has the same key, and so never runs twice. */
  start(agent, input, { sessionId, operationId, toolCallId, metadata, idempotencyKey = randomKey(), signal } = {}) {
    const body = { agent, input, session_id: sessionId, operation_id: operationId, tool_call_id: toolCallId, metadata };
    return this.#send('POST', 'v1/tasks', { body, headers: { 'Idempotency-Key': idempotencyKey }, signal });
  }

  get(taskId, { signal } = {}) {
    return this.#send('GET', taskPath(taskId), { signal });
  }

  async wait(taskId, { signal } = {}) {
    // The server answers before the silence of the connection is too long.
    const seconds = Math.max(1, Math.min(longestWait, Math.floor(this.#options.silenceTimeout / 2000)));
    while (true) {
      const task = await this.#send('GET', `${taskPath(taskId)}?wait=${seconds}`, { signal });
      if (['completed', 'failed', 'stopped'].includes(task.status)) return task;
    }
  }

  stop(taskId, { signal } = {}) {
    return this.#send('POST', `${taskPath(taskId)}/stop`, { signal });
  }

  async delete(taskId, { signal } = {}) {
    try {
      await this.#send('DELETE', taskPath(taskId), { signal });
      return true;
    } catch (error) {
      if (error.status === 404) return false;
      throw error;
    }
  }

  async *list({ status, agent, sessionId, signal } = {}) {
    let before;
    do {
      const query = new URLSearchParams(Object.entries({ state: status, agent, session_id: sessionId, before }).filter(([, value]) => value !== undefined));
      const page = await this.#send('GET', `v1/tasks?${query}`, { signal });
      yield* page.data;
      before = page.has_more ? page.next : undefined;
    } while (before);
  }

  async agents({ signal } = {}) {
    const { data } = await this.#send('GET', 'v1/models', { signal });
    return data.map(model => model.id);
  }

  async files(taskId, { signal } = {}) {
    const { data } = await this.#send('GET', `${taskPath(taskId)}/files`, { signal });
    return data.map(file => ({ ...file, url: new URL(file.url, this.#address).href }));
  }

  download(taskId, name, { signal } = {}) {
    return this.#repeat(connection => connection.inTime(signal => this.#fetch('GET', `${taskPath(taskId)}/files/${encodeURIComponent(name)}`, { signal })), signal);
  }

  /** Neither an EventSource nor a link can carry a key, so a ticket in the URL stands in for it. */
  async ticketUrl(url, taskId, { signal } = {}) {
    const { ticket } = await this.#send('POST', 'v1/tickets', { body: { tasks: [taskId] }, signal });
    const ticketed = new URL(url, this.#address);
    ticketed.searchParams.set('ticket', ticket);
    return ticketed.href;
  }

  /** Ends after the frame that ends the task, and at no other time: connections that end or are cut are resumed. */
  async *read(taskId, { after, signal, onOpen, onWait } = {}) {
    const retries = new Retries(this.#options);
    let position = after ? String(after) : null;
    let sequence = position ? Number.parseInt(position) : 0;
    while (true) {
      const connection = new Connection(this.#options.silenceTimeout, signal);
      try {
        const response = await connection.open(signal => this.#fetch('GET', `${taskPath(taskId)}/events`, { headers: eventHeaders(position), signal }));
        if (response.status === 204) return;
        onOpen?.();
        for await (const { id, data } of connection.frames(response)) {
          const event = JSON.parse(data);
          if (event.type === 'connection_end') return;
          if (event.sequence !== sequence + 1) throw gap(event, sequence);
          [position, sequence] = [id, event.sequence];
          retries.reset();
          yield event;
        }
        throw unreachable('The connection ended before the task did.');
      } catch (error) {
        signal?.throwIfAborted();
        if (connection.wasStable) retries.reset();
        if (connection.retry !== null) retries.delay = connection.retry;
        retries.check(error);
      } finally {
        connection.close();
      }

      onWait?.();
      await retries.wait(signal);
    }
  }

  #send(method, path, { body, headers, signal }) {
    const content = body && JSON.stringify(body);
    const all = { Accept: 'application/json', ...(content && { 'Content-Type': 'application/json' }), ...headers };
    return this.#repeat(async connection => {
      const response = await connection.inTime(signal => this.#fetch(method, path, { headers: all, body: content, signal }));
      return parse(await connection.inTime(() => response.text())) ?? refuse(response);
    }, signal);
  }

  async #repeat(action, signal) {
    const retries = new Retries(this.#options);
    while (true) {
      try {
        return await action(new Connection(this.#options.silenceTimeout, signal));
      } catch (error) {
        signal?.throwIfAborted();
        retries.check(error);
      }
      await retries.wait(signal);
    }
  }

  async #fetch(method, path, { headers, body, signal }) {
    const { apiKey, fetch } = this.#options;
    const key = typeof apiKey === 'function' ? apiKey() : apiKey;
    const url = new URL(path, this.#address);
    const response = await fetch(url, { method, headers: { ...headers, ...(key && { Authorization: `Bearer ${key}` }) }, body, signal, cache: 'no-store' })
      .catch(cause => { throw unreachable('The server cannot be reached.', cause); });
    if (response.ok) return response;
    throw errorOf(response, parse(await response.text().catch(() => '')));
  }
}

/** One request with its response, which is closed when nothing comes for too long: a server sends heartbeats into its streams. */
class Connection {
  retry = null;
  #silenceTimeout;
  #closing = new AbortController();
  #signal;
  #openedAt = 0;
  #lastRead = 0;

  constructor(silenceTimeout, signal) {
    this.#silenceTimeout = silenceTimeout;
    this.#signal = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  get wasStable() {
    return this.#lastRead - this.#openedAt >= stableTime;
  }

  async open(fetch) {
    const response = await this.inTime(fetch);
    this.#openedAt = this.#lastRead = performance.now();
    const type = response.headers.get('Content-Type') ?? '';
    return response.status === 204 || type.startsWith('text/event-stream') ? response : refuse(response);
  }

  async *frames(response) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new FrameParser();
    while (true) {
      const { done, value } = await this.inTime(() => reader.read());
      if (done) return;
      this.#lastRead = performance.now();
      yield* parser.push(decoder.decode(value, { stream: true }));
      this.retry = parser.retry;
    }
  }

  close() {
    this.#closing.abort();
  }

  async inTime(action) {
    const timer = setTimeout(() => this.close(), this.#silenceTimeout);
    try {
      return await action(this.#signal);
    } catch (error) {
      throw error instanceof RelayError ? error : unreachable('The connection was cut.', error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Server-sent events in pieces of text: gives whole frames only, so a frame that is cut is not seen. */
class FrameParser {
  retry = null;
  #rest = '';
  #id = '';
  #data = [];

  *push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line) this.#read(line);
      else if (this.#data.length) yield { id: this.#id, data: this.#data.splice(0).join('\n') };
    }
  }

  #read(line) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === 'data') this.#data.push(value);
    else if (name === 'id') this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }
}

/** Counts the failures since the last progress, and waits after each of them. */
class Retries {
  delay = firstDelay;
  #limits;
  #failures = 0;
  #since = 0;
  #wait = 0;

  constructor(limits) {
    this.#limits = limits;
  }

  reset() {
    this.#failures = 0;
  }

  /** Throws what cannot be mended by a repetition, or not within the time. The wait grows, is never shorter than the server asks, and has a random part, so that clients do not come back together. */
  check(error) {
    if (!(error instanceof RelayError) || (error.status !== 0 && !transientStatuses.has(error.status))) throw error;
    if (this.#failures++ === 0) this.#since = performance.now();
    const backoff = Math.min(this.delay * 2 ** (this.#failures - 1), Math.max(this.delay, this.#limits.maxRetryDelay));
    this.#wait = Math.max(backoff, error.retryAfter) * (1 + Math.random() / 4);
    if (performance.now() - this.#since + this.#wait > this.#limits.progressTimeout) throw error;
  }

  wait(signal) {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      const timer = setTimeout(end, this.#wait);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    });
  }
}

function taskPath(taskId) {
  return `v1/tasks/${encodeURIComponent(taskId)}`;
}

function eventHeaders(position) {
  return { Accept: 'text/event-stream', ...(position && { 'Last-Event-ID': position }) };
}

/** Not a UUID: pages without TLS have no crypto.randomUUID. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreachable(message, cause) {
  return new RelayError(message, { cause });
}

function gap(event, sequence) {
  return event.sequence === undefined
    ? new RelayError('The server sent a frame that is no event.', { status: 200 })
    : new RelayError(`Event ${event.sequence} came after event ${sequence}.`, { status: 410, lastSequence: sequence });
}

function errorOf(response, body) {
  const { message = `The server answered ${response.status}.`, code, param, last_sequence: lastSequence } = body?.error ?? {};
  const after = response.headers.get('Retry-After');
  const retryAfter = !after ? 0 : /^\d+$/.test(after) ? Number(after) * 1000 : Math.max(0, Date.parse(after) - Date.now()) || 0;
  return new RelayError(message, { status: response.status, code, param, lastSequence, retryAfter });
}

function refuse(response) {
  throw new RelayError(`${response.url} answered with ${response.headers.get('Content-Type')}. Is this the address of a StreamRelay server?`, { status: response.status });
}
