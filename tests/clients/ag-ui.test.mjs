import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mock, test } from 'node:test'
import { HttpAgent } from '@ag-ui/client'
import { resettingProxy } from './proxy.mjs'

const base = process.env.BASE_URL
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')
const task = async (id, query = '') => (await fetch(`${base}/v1/tasks/${id}${query}`)).json()
const ofType = (events, type) => events.filter(event => event.type === type)

// The client drops events and fields that it does not know, and says so here.
const warned = mock.method(console, 'warn', () => {})

/** A client of one thread, with the user's message in it. It checks by itself that the events are valid and in order. */
function connect(content, { path = '/probe', url = base, threadId = randomUUID() } = {}) {
  const agent = new HttpAgent({
    url: `${url}/ag-ui${path}`,
    threadId,
    initialMessages: [{ id: 'u1', role: 'user', content }],
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      agent.task = response.headers.get('X-Task-Id')
      return quiet(response)
    },
  })
  return agent
}

/** The client rejects the run whose connection breaks, then cancels the broken body and leaves that second failure to nobody: here it is caught. */
function quiet(response) {
  const getReader = response.body.getReader.bind(response.body)
  response.body.getReader = () => {
    const reader = getReader()
    const cancel = reader.cancel.bind(reader)
    reader.cancel = () => cancel().catch(() => {})
    return reader
  }
  return response
}

/** Runs an agent to the end and returns its events and new messages. */
async function run(agent, parameters = {}, onEvent = () => {}) {
  const events = []
  const { newMessages } = await agent.runAgent(parameters, {
    onEvent: ({ event }) => {
      events.push(event)
      onEvent(event)
    },
  })
  assert.deepEqual(warned.mock.calls.map(call => call.arguments), [])
  return { events, newMessages, last: events.at(-1) }
}

test('a run says its text and its usage, under the ids that were asked for', async () => {
  const agent = connect('count 50 0')
  const runId = randomUUID()
  const { events, newMessages, last } = await run(agent, { runId })
  assert.equal(events[0].type, 'RUN_STARTED')
  assert.deepEqual([events[0].threadId, events[0].runId], [agent.threadId, runId])
  assert.deepEqual(newMessages.map(({ role, content }) => ({ role, content })), [{ role: 'assistant', content: count(50) }])
  assert.equal(last.type, 'RUN_FINISHED')
  assert.deepEqual([last.threadId, last.runId], [agent.threadId, runId])
  assert.deepEqual(last.outcome, { type: 'success' })
  assert.deepEqual(last.usage, [{ inputTokens: 7, outputTokens: 50, totalTokens: 57 }])
})

test('the agent can be named in the properties too, and a thread goes on', async () => {
  const agent = connect('count 3 0', { path: '' })
  const first = await run(agent, { forwardedProps: { agent: 'probe' } })
  assert.equal(first.newMessages[0].content, count(3))
  agent.addMessage({ id: 'u2', role: 'user', content: 'count 2 0' })
  const second = await run(agent, { forwardedProps: { agent: 'probe' } })
  assert.equal(second.newMessages[0].content, count(2))
  assert.deepEqual(agent.messages.map(message => message.role), ['user', 'assistant', 'user', 'assistant'])
})

test('reasoning is a message of its own', async () => {
  const { events, newMessages } = await run(connect('reason 3 0'))
  assert.deepEqual(newMessages.map(({ role, content }) => ({ role, content })), [{ role: 'reasoning', content: count(3) }, { role: 'assistant', content: 'done' }])
  assert.equal(ofType(events, 'REASONING_START').length, 1)
  assert.equal(ofType(events, 'REASONING_END').length, 1)
})

test('a tool that the agent runs has its result', async () => {
  const { newMessages, last } = await run(connect('tool 3 0'))
  const [{ toolCalls: [call] }, result, said] = newMessages
  assert.equal(call.function.name, 'get_weather')
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Paris' })
  assert.deepEqual({ role: result.role, toolCallId: result.toolCallId, content: result.content }, { role: 'tool', toolCallId: call.id, content: '21 degrees' })
  assert.equal(said.content, count(3))
  assert.deepEqual(last.outcome, { type: 'success' })
})

test('a tool of the caller waits for its result, and the run after it gets it', async () => {
  const agent = connect('call 5 0')
  const { events, newMessages } = await run(agent)
  const [{ toolCalls: [call] }] = newMessages
  assert.equal(newMessages.length, 1)
  assert.equal(ofType(events, 'TOOL_CALL_ARGS').length, 5)
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Paris' })
  agent.addMessages([{ id: 'r1', role: 'tool', toolCallId: call.id, content: '21 degrees' }, { id: 'u2', role: 'user', content: 'count 1 0' }])
  assert.equal((await run(agent)).newMessages[0].content, count(1))
})

test('a failure is told with its code, and what was said is kept', async () => {
  const agent = connect('fail 50 0')
  const errors = []
  await agent.runAgent({}, { onRunErrorEvent: ({ event }) => { errors.push(event) } })
  assert.deepEqual(errors.map(({ code, message }) => ({ code, message })), [{ code: 'probe_failed', message: 'The probe was asked to fail.' }])
  assert.equal(agent.messages.at(-1).content, count(50))
})

test('a run is stopped, and keeps what was said', async () => {
  const agent = connect('count 100000 10')
  let text = ''
  let stopped
  const { last } = await run(agent, {}, event => {
    text += event.type === 'TEXT_MESSAGE_CONTENT' ? event.delta : ''
    if (text === count(3)) stopped ??= fetch(`${base}/v1/tasks/${agent.task}/stop`, { method: 'POST' })
  })
  assert.equal((await stopped).status, 200)
  assert.equal(last.type, 'RUN_FINISHED')
  assert.deepEqual(last.outcome, { type: 'cancelled' })
  assert.ok(text.length < count(100000).length && count(100000).startsWith(text))
  assert.equal(agent.messages.at(-1).content, text)
})

test('steps, data and files are told', async () => {
  const { events, newMessages, last } = await run(connect('Git', { path: '/write_tutorial' }))
  const steps = ['What it is and why it matters', 'First steps', 'How it works', 'Using it well']
  assert.deepEqual(ofType(events, 'STEP_STARTED').map(step => step.stepName), steps)
  assert.deepEqual(ofType(events, 'STEP_FINISHED').map(step => step.stepName), steps)
  const custom = Object.fromEntries(ofType(events, 'CUSTOM').map(({ name, value }) => [name, value]))
  assert.deepEqual(Object.keys(custom), ['outline', 'file'])
  assert.deepEqual(custom.outline.chapters.map(chapter => chapter.title), steps)
  const markdown = await (await fetch(new URL(custom.file.url, base))).text()
  assert.equal(newMessages.filter(message => message.role === 'assistant').map(message => message.content).join(''), markdown)
  assert.deepEqual(last.outcome, { type: 'success' })
})

test('a run whose connection was reset is read again, whole, by its id', async () => {
  const proxy = await resettingProxy(base)
  const cut = connect('count 150 10', { url: proxy.url })
  const runId = randomUUID()
  let text = ''
  await assert.rejects(run(cut, { runId }, event => {
    text += event.type === 'TEXT_MESSAGE_CONTENT' ? event.delta : ''
    if (text === count(3)) proxy.reset()
  }), /terminated/)
  proxy.close()
  assert.equal(cut.messages.at(-1).content, text)
  assert.equal((await task(cut.task)).status, 'running')

  // Once while it runs, once when it has ended.
  for (let times = 0; times < 2; times++) {
    const again = connect('count 150 10', { threadId: cut.threadId })
    const { newMessages, last } = await run(again, { runId })
    assert.equal(again.task, cut.task)
    assert.deepEqual(newMessages.map(({ id, content }) => ({ id, content })), [{ id: cut.messages.at(-1).id, content: count(150) }])
    assert.equal(last.runId, runId)
  }
})

test('a client that holds a part of a run, or all of it, and runs it again has its answer once', async () => {
  const agent = connect('count 20 0')
  const runId = randomUUID()
  await run(agent, { runId })
  const whole = structuredClone(agent.messages)
  const { events } = await run(agent, { runId })
  assert.deepEqual(events.slice(0, 2).map(event => event.type), ['RUN_STARTED', 'MESSAGES_SNAPSHOT'])
  assert.deepEqual(agent.messages, whole)

  agent.setMessages([whole[0], { ...whole[1], content: count(3) }])
  await run(agent, { runId })
  assert.deepEqual(agent.messages, whole)
})

test('an agent that there is not is refused, naming those there are', async () => {
  await assert.rejects(run(connect('count 1 0', { path: '/nobody' })), error => error.status === 404
    && error.payload.error.message === "There is no agent 'nobody'. Agents: probe, write_tutorial.")
})
