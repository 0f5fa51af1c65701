import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { answer, answered, chats, send } from './chats.mjs'
import { resettingProxy } from './proxy.mjs'

const base = process.env.BASE_URL
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')
const part = (chat, type) => chat.messages.at(-1).parts.find(part => part.type === type)
const taskOf = chat => chat.messages.at(-1).metadata?.taskId
const task = async (id, query = '') => (await fetch(`${base}/v1/tasks/${id}${query}`)).json()
const stop = chat => fetch(`${base}/api/chat/${chat.id}`, { method: 'DELETE' })

const assertWhole = (chat, text) => {
  assert.equal(chat.status, 'ready')
  assert.deepEqual(chat.messages.map(message => message.role), ['user', 'assistant'])
  assert.equal(answer(chat), text)
  assert.equal(chat.messages[1].metadata.usage.outputTokens, text.split(' ').length - 1)
}

for (const [name, open] of chats) {
  /** A chat whose connection was reset in the middle of its answer. */
  const openCut = async (t, input) => {
    const proxy = await resettingProxy(base)
    t.after(proxy.close)
    const chat = open(proxy.url, { id: randomUUID() })
    const sent = send(chat, input)
    await answered(chat, count(3))
    proxy.reset()
    await sent
    assert.equal(chat.status, 'error')
    return chat
  }

  test(`${name}: an answer arrives exactly, with its usage`, async () => {
    const chat = open(base)
    await send(chat, 'count 50 0')
    assertWhole(chat, count(50))
    assert.deepEqual(chat.messages[1].metadata.usage, { inputTokens: 7, outputTokens: 50, totalTokens: 57 })
    assert.equal(chat.messages[1].id, `msg_${taskOf(chat)}`)
    assert.equal(part(chat, 'text').state, 'done')
  })

  test(`${name}: a chat goes on from message to message`, async () => {
    const chat = open(base)
    await send(chat, 'count 3 0')
    await send(chat, 'count 2 0')
    assert.deepEqual(chat.messages.map(message => message.role), ['user', 'assistant', 'user', 'assistant'])
    assert.equal(part(chat, 'text').text, count(2))
  })

  test(`${name}: an answer after the tools of the client have run continues the message with the calls`, async () => {
    let runs = 0
    const chat = open(base, { sendAutomaticallyWhen: ({ messages }) => messages.at(-1).parts.some(part => part.output) && runs++ === 0 })
    await send(chat, 'call 3 0')
    const [, { id, parts }] = chat.messages
    const { toolCallId } = parts.find(part => part.toolCallId)
    const first = taskOf(chat)
    const continued = new Promise(resolve => chat['~registerMessagesCallback'](() => taskOf(chat) !== first && resolve()))
    await (chat.addToolOutput ?? chat.addToolResult).call(chat, { tool: 'get_weather', toolCallId, output: { c: 21 } })
    await continued
    assert.deepEqual(chat.messages.map(message => message.role), ['user', 'assistant'])
    assert.equal(chat.messages[1].id, id)
  })

  test(`${name}: a regenerated answer takes the place of the first`, async () => {
    const chat = open(base)
    await send(chat, 'count 3 0')
    const first = taskOf(chat)
    await chat.regenerate()
    assertWhole(chat, count(3))
    assert.notEqual(taskOf(chat), first)
  })

  test(`${name}: a tool that the agent runs has its result`, async () => {
    const chat = open(base)
    await send(chat, 'tool 3 0')
    const { state, input, output, providerExecuted } = part(chat, 'tool-get_weather')
    assert.deepEqual({ state, input, output, providerExecuted }, { state: 'output-available', input: { city: 'Paris' }, output: { c: 21 }, providerExecuted: true })
    assert.equal(answer(chat), count(3))
    assert.equal(chat.status, 'ready')
  })

  test(`${name}: a tool of the caller waits for its result`, async () => {
    const chat = open(base)
    await send(chat, 'call 5 0')
    const { state, input } = part(chat, 'tool-get_weather')
    assert.deepEqual({ state, input }, { state: 'input-available', input: { city: 'Paris' } })
    assert.equal(chat.status, 'ready')
  })

  test(`${name}: reasoning is a part before the answer`, async () => {
    const chat = open(base)
    await send(chat, 'reason 3 0')
    assert.deepEqual(chat.messages[1].parts.map(part => part.type), ['step-start', 'reasoning', 'text'])
    assert.equal(part(chat, 'reasoning').text, count(3))
    assert.equal(answer(chat), 'done')
  })

  test(`${name}: a failure is shown, and what was said is kept`, async () => {
    const errors = []
    const chat = open(base, { onError: error => errors.push(error.message) })
    await send(chat, 'fail 50 0')
    assert.equal(chat.status, 'error')
    assert.equal(chat.error.message, 'The probe was asked to fail.')
    assert.deepEqual(errors, [chat.error.message])
    assert.equal(answer(chat), count(50))
    assert.equal(part(chat, 'data-error').data.code, 'probe_failed')
  })

  test(`${name}: an agent that there is not is said in words`, async () => {
    const chat = open(base, { agent: 'nobody' })
    await send(chat, 'count 1 0')
    assert.equal(chat.status, 'error')
    assert.match(chat.error.message, /^There is no agent 'nobody'\. Agents: probe, write_tutorial\.$/)
  })

  test(`${name}: a chat is stopped, and keeps what was said`, async () => {
    const chat = open(base)
    const sent = send(chat, 'count 100000 10')
    await answered(chat, count(3))
    assert.equal((await stop(chat)).status, 204)
    await sent
    assert.equal(chat.status, 'ready')
    assert.ok(answer(chat).length < count(100000).length && count(100000).startsWith(answer(chat)))
    assert.equal((await task(taskOf(chat))).status, 'stopped')
    assert.equal((await stop(chat)).status, 204)
  })

  test(`${name}: an answer that was cut is resumed while it runs`, async t => {
    const chat = await openCut(t, 'count 150 10')
    assert.equal((await task(taskOf(chat))).status, 'running')
    await chat.resumeStream()
    assertWhole(chat, count(150))
  })

  test(`${name}: an answer that was cut and has ended meanwhile is resumed`, async t => {
    const cut = await openCut(t, 'count 60 5')
    assert.notEqual(answer(cut), count(60))
    assert.equal((await task(taskOf(cut), '?wait=60')).status, 'completed')
    const [user] = cut.messages
    await cut.resumeStream()
    assertWhole(cut, count(60))

    const reloaded = open(base, { id: cut.id, messages: [user] })
    await reloaded.resumeStream()
    assertWhole(reloaded, count(60))
    assert.equal(reloaded.messages[1].id, cut.messages[1].id)

    const loaded = open(base, { id: cut.id, messages: structuredClone(cut.messages) })
    await loaded.resumeStream()
    assertWhole(loaded, count(60))
  })

  test(`${name}: where there is nothing to resume nothing happens`, async () => {
    const chat = open(base)
    await chat.resumeStream()
    assert.equal(chat.status, 'ready')
    assert.deepEqual(chat.messages, [])
  })

  test(`${name}: the same message again is the same task, another one takes its place`, async () => {
    const posts = []
    const recorded = async (url, init) => {
      const response = await fetch(url, init)
      posts.push({ url, init, task: response.headers.get('X-Task-Id') })
      return response
    }
    const first = open(base, { id: randomUUID(), fetch: recorded })
    const sent = send(first, 'count 100000 10')
    await answered(first, count(3))

    const left = new AbortController()
    const again = await fetch(posts[0].url, { ...posts[0].init, signal: left.signal })
    assert.equal(again.headers.get('X-Task-Id'), posts[0].task)
    left.abort()
    assert.equal((await task(posts[0].task)).status, 'running')

    const second = open(base, { id: first.id, fetch: recorded })
    await send(second, 'count 3 0')
    await sent
    assertWhole(second, count(3))
    assert.notEqual(posts[1].task, posts[0].task)
    assert.equal((await task(posts[0].task)).status, 'stopped')
    assert.equal(first.status, 'ready')
    assert.ok(count(100000).startsWith(answer(first)))
  })
}
