import assert from 'node:assert/strict'
import { test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import { cuttingProxy } from './proxy.mjs'

const base = process.env.BASE_URL
const anthropic = new Anthropic({ baseURL: base, apiKey: 'none' })
const ask = (content, more = {}) => ({ model: 'probe', max_tokens: 1000, messages: [{ role: 'user', content }], ...more })
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')

test('a stream arrives exactly, with its usage', async () => {
  let text = '', last
  for await (const event of await anthropic.messages.create(ask('count 500 0', { stream: true }))) {
    if (event.type === 'content_block_delta') text += event.delta.text
    if (event.type === 'message_delta') last = event
  }
  assert.equal(text, count(500))
  assert.equal(last.delta.stop_reason, 'end_turn')
  assert.deepEqual(last.usage, { input_tokens: 7, output_tokens: 500 })
})

test('the stream helper assembles the same message as an answer without a stream', async () => {
  const stream = anthropic.messages.stream(ask('count 20 0'))
  let heard = ''
  stream.on('text', text => { heard += text })
  const streamed = await stream.finalMessage()
  const whole = await anthropic.messages.create(ask('count 20 0'))
  assert.equal(heard, count(20))
  assert.match(stream.request_id, /^req_/)
  assert.match(whole._request_id, /^req_/)
  for (const message of [streamed, whole]) {
    const { type, role, model, content, stop_reason, stop_sequence, usage } = message
    assert.deepEqual({ type, role, model, content, stop_reason, stop_sequence }, {
      type: 'message', role: 'assistant', model: 'probe', content: [{ type: 'text', text: count(20) }], stop_reason: 'end_turn', stop_sequence: null,
    })
    assert.deepEqual([usage.input_tokens, usage.output_tokens], [7, 20])
    assert.match(message.id, /^msg_/)
  }
})

test('a call of a tool of the caller is assembled from its pieces, and is in a plain answer too', async () => {
  const stream = anthropic.messages.stream(ask('call 5 0'))
  const blocks = []
  stream.on('contentBlock', block => { blocks.push(block) })
  for (const message of [await stream.finalMessage(), await anthropic.messages.create(ask('call 5 0'))]) {
    const [{ type, name, input }] = message.content
    assert.deepEqual([message.stop_reason, type, name, input], ['tool_use', 'tool_use', 'get_weather', { city: 'Paris' }])
  }
  assert.equal(blocks.length, 1)
})

test('reasoning is thinking', async () => {
  const { content } = await anthropic.messages.stream(ask('reason 3 0')).finalMessage()
  assert.deepEqual(content, [{ type: 'thinking', thinking: count(3), signature: '' }, { type: 'text', text: 'done' }])
})

test('a failure in mid-stream is raised after what came before it, raw and by the helper', async () => {
  let text = ''
  const failed = error => error instanceof Anthropic.APIError && error.error.error.code === 'probe_failed' && error.type === 'api_error'
  await assert.rejects(async () => {
    for await (const event of await anthropic.messages.create(ask('fail 50 0', { stream: true }))) text += event.delta?.text ?? ''
  }, failed)
  assert.equal(text, count(50))
  await assert.rejects(anthropic.messages.stream(ask('fail 20 0')).finalMessage(), failed)
})

test('a failed plain answer is raised and not retried', async () => {
  const newest = async () => (await (await fetch(`${base}/v1/tasks?limit=1`)).json()).data[0].id
  await assert.rejects(anthropic.messages.create(ask('fail 1 0')), error => error.status === 424 && error.error.error.code === 'probe_failed')
  const before = await newest()
  await assert.rejects(anthropic.messages.create(ask('fail 2 0')))
  const { data } = await (await fetch(`${base}/v1/tasks?limit=2`)).json()
  assert.equal(data[1].id, before)
})

test('refusals have their own classes', async () => {
  await assert.rejects(anthropic.messages.create(ask('x', { model: 'nobody' })), error => error instanceof Anthropic.NotFoundError && error.type === 'not_found_error' && /^req_/.test(error.requestID))
  await assert.rejects(anthropic.messages.create(ask('x', { tool_choice: 'auto' })), error => error instanceof Anthropic.BadRequestError && error.message.includes("'tool_choice' must be"))
})

test('tokens are counted, by estimate', async () => {
  const { input_tokens } = await anthropic.messages.countTokens({ model: 'probe', messages: [{ role: 'user', content: 'x'.repeat(400) }] })
  assert.equal(input_tokens, 100)
})

test('a stream that is aborted ends, and its task goes on', async () => {
  const stream = anthropic.messages.stream(ask('count 100 5'))
  stream.on('text', () => stream.abort())
  await assert.rejects(stream.done(), Anthropic.APIUserAbortError)
  const id = stream.response.headers.get('x-task-id')
  const task = await (await fetch(`${base}/v1/tasks/${id}?wait=30`)).json()
  assert.equal(task.status, 'completed')
})

test('a stream that is reset again and again is read on to the same bytes', async () => {
  const proxy = await cuttingProxy(base, 9_000)
  const uncut = await anthropic.messages.create(ask('count 200 2', { stream: true })).asResponse()
  const url = `${proxy.url}/v1/tasks/${uncut.headers.get('x-task-id')}/events?protocol=anthropic-messages`
  const seen = []
  for (let tries = 0; tries < 50 && !seen.at(-1)?.includes('message_stop'); tries++) seen.push(...await frames(url, seen.at(-1)?.match(/^id: (.*)/)[1]))
  proxy.close()
  assert.equal(seen.join(''), await uncut.text())
  assert.ok(proxy.connections() > 3, `${proxy.connections()} connections`)
})

/** The whole frames of an answer, up to where its connection was reset. */
async function frames(url, lastId) {
  let text = ''
  try {
    const answer = await fetch(url, { headers: lastId ? { 'Last-Event-ID': lastId } : {} })
    const decoder = new TextDecoder()
    for await (const bytes of answer.body) text += decoder.decode(bytes, { stream: true })
  } catch (error) {
    assert.match(error.message, /terminated|fetch failed/)
  }
  return text.split(/(?<=\n\n)/).filter(frame => frame.endsWith('\n\n'))
}
