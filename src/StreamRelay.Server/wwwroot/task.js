const keyItem = 'streamrelay.key';

export class ApiError extends Error {
  constructor(message, status = 0, code = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function hasKey() {
  return sessionStorage.getItem(keyItem) !== null;
}

export function keepKey(key) {
  sessionStorage.setItem(keyItem, key);
}

export async function listAgents() {
  const models = await send('GET', '/v1/models');
  return models.data.map(model => model.id);
}

export function startTask(agent, input, language) {
  const metadata = language ? { language } : undefined;
  return send('POST', '/v1/tasks', { agent, input, metadata });
}

export function findTask(id) {
  return send('GET', taskUrl(id));
}

export function stopTask(id) {
  return send('POST', `${taskUrl(id)}/stop`);
}

/** Neither EventSource nor a link can carry the key, so a short-lived ticket in the URL stands in for it. */
export async function askTicket(id) {
  if (!hasKey()) return null;
  const { ticket } = await send('POST', '/v1/tickets', { tasks: [id] });
  return ticket;
}

export function eventsUrl(id, after, ticket) {
  const url = new URL(`${taskUrl(id)}/events`, location.origin);
  if (after) url.searchParams.set('after', after);
  return withTicket(url, ticket);
}

export function withTicket(url, ticket) {
  const ticketed = new URL(url);
  if (ticket) ticketed.searchParams.set('ticket', ticket);
  return ticketed.href;
}

function taskUrl(id) {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}

async function send(method, url, body) {
  const headers = { Accept: 'application/json' };
  if (body) headers['Content-Type'] = 'application/json';
  if (hasKey()) headers.Authorization = `Bearer ${sessionStorage.getItem(keyItem)}`;

  const response = await reach(url, { method, headers, body: body && JSON.stringify(body) });
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw new ApiError(
    answer?.error?.message ?? `The server answered ${response.status}.`,
    response.status,
    answer?.error?.code);
}

async function reach(url, request) {
  try {
    return await fetch(url, request);
  } catch {
    throw new ApiError('The server cannot be reached.');
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
