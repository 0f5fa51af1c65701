import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpAgent } from '@ag-ui/client'
import Anthropic from '@anthropic-ai/sdk'
import { EventSource } from 'eventsource'
import OpenAI from 'openai'
import { answer, chats, send } from './chats.mjs'

// A server that knows one key.
const base = process.env.BASE_URL
const key = process.env.API_KEY
const wrong = `${key}x`
const words = /A valid API key is required/
const bearer = key => ({ Authorization: `Bearer ${key}` })

test('openai: a wrong key has its own class of error, the right one works', async () => {
  const connect = apiKey => new OpenAI({ baseURL: `${base}/v1`, apiKey })
  const calls = [
    openai => openai.models.list(),
    openai => openai.chat.completions.create({ model: 'probe', messages: [{ role: 'user', content: 'count 1 0' }], stream: true }),
    openai => openai.responses.create({ model: 'probe', input: 'count 1 0', stream: true }),
  ]
  for (const call of calls) {
    await assert.rejects(call(connect(wrong)), error => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_api_key' && words.test(error.message))
    await call(connect(key))
  }
  assert.equal((await connect(key).responses.create({ model: 'probe', input: 'count 1 0' })).output_text, 't1 ')
})

test('anthropic: a wrong key has its own class of error, the right one works, in both headers', async () => {
  const message = { model: 'probe', max_tokens: 9, messages: [{ role: 'user', content: 'count 1 0' }] }
  for (const connect of [apiKey => new Anthropic({ baseURL: base, apiKey, authToken: null }), authToken => new Anthropic({ baseURL: base, authToken, apiKey: null })]) {
    await assert.rejects(connect(wrong).messages.create(message), error => error instanceof Anthropic.AuthenticationError && error.type === 'authentication_error' && words.test(error.message))
    assert.equal((await connect(key).messages.create(message)).content[0].text, 't1 ')
    assert.equal((await connect(key).messages.countTokens({ model: 'probe', messages: message.messages })).input_tokens, 3)
  }
})

for (const [name, open] of chats) {
  test(`${name}: a wrong key is said in words, the right one works`, async () => {
    const refused = open(base, { headers: bearer(wrong) })
    await send(refused, 'count 1 0')
    assert.equal(refused.status, 'error')
    assert.match(refused.error.message, /^A valid API key is required/)
    const chat = open(base, { headers: bearer(key) })
    await send(chat, 'count 1 0')
    assert.equal(chat.status, 'ready')
    assert.equal(answer(chat), 't1 ')
    await chat.resumeStream()
    assert.equal(answer(chat), 't1 ')
  })
}

test('ag-ui: a wrong key rejects the run with its status, the right one works', async () => {
  const connect = key => new HttpAgent({ url: `${base}/ag-ui/probe`, headers: bearer(key), initialMessages: [{ id: 'u1', role: 'user', content: 'count 1 0' }] })
  await assert.rejects(connect(wrong).runAgent(), error => error.status === 401 && words.test(error.payload.error.message))
  assert.equal((await connect(key).runAgent()).newMessages[0].content, 't1 ')
})

test('eventsource: a wrong key closes it with its status, the right one works', async () => {
  const { id } = await (await fetch(`${base}/v1/tasks`, { method: 'POST', headers: bearer(key), body: JSON.stringify({ agent: 'probe', input: 'count 1 0' }) })).json()
  const open = key => new EventSource(`${base}/v1/tasks/${id}/events`, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...bearer(key) } }) })
  const refused = open(wrong)
  assert.equal((await new Promise(resolve => { refused.onerror = resolve })).code, 401)
  assert.equal(refused.readyState, EventSource.CLOSED)
  const events = open(key)
  const first = await new Promise((resolve, reject) => {
    events.onmessage = resolve
    events.onerror = reject
  })
  events.close()
  assert.equal(JSON.parse(first.data).sequence, 1)
})

test('client.js: a wrong key is a 401 with its words, the right one works', async () => {
  const source = await (await fetch(`${base}/client.js`)).text()
  const { StreamRelay } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
  await assert.rejects(new StreamRelay(base, { apiKey: wrong }).start('probe', 'count 1 0'), error => error.status === 401 && words.test(error.message))
  const relay = new StreamRelay(base, { apiKey: () => key })
  const { id } = await relay.start('probe', 'count 1 0')
  const events = []
  for await (const event of relay.read(id)) events.push(event.event_type)
  assert.deepEqual(events, ['start', 'output', 'usage', 'end'])
  assert.match(await (await fetch(await relay.ticketUrl(`/v1/tasks/${id}/events`, id))).text(), /connection_end/)
})
