import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { cuttingProxy, frameCuttingProxy } from './proxy.mjs'

const openai = new OpenAI({ baseURL: `${process.env.BASE_URL}/v1`, apiKey: 'none' })
const ask = (content, more = {}) => openai.chat.completions.create({ model: 'probe', messages: [{ role: 'user', content }], ...more })
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')

test('a stream arrives exactly, with its usage', async () => {
  let text = '', usage
  for await (const chunk of await ask('count 500 0', { stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta?.content ?? ''
    usage = chunk.usage ?? usage
  }
  assert.equal(text, count(500))
  assert.equal(usage.completion_tokens, 500)
})

test('the stream helper assembles the same answer', async () => {
  const answer = await openai.chat.completions.stream({ model: 'probe', messages: [{ role: 'user', content: 'count 20 0' }] }).finalChatCompletion()
  assert.equal(answer.choices[0].message.content, count(20))
  assert.equal(answer.choices[0].finish_reason, 'stop')
})

test('a plain answer has text, usage and a request id', async () => {
  const answer = await ask('count 3 0')
  assert.equal(answer.choices[0].message.content, count(3))
  assert.equal(answer.usage.total_tokens, 10)
  assert.match(answer._request_id, /^req_/)
})

test('tool calls of the caller are assembled from their pieces', async () => {
  const answer = await openai.chat.completions.stream({ model: 'probe', messages: [{ role: 'user', content: 'call 5 0' }] }).finalChatCompletion()
  assert.equal(answer.choices[0].finish_reason, 'tool_calls')
  assert.deepEqual(JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments), { city: 'Paris' })
})

test('a plain answer carries the tool calls too', async () => {
  const { choices: [{ finish_reason, message }] } = await ask('call 5 0')
  assert.equal(finish_reason, 'tool_calls')
  assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: 'Paris' })
})

test('a stream without include_usage has none, and its answers share one id', async () => {
  const ids = new Set()
  for await (const chunk of await ask('count 100 0', { stream: true })) {
    assert.equal(chunk.usage ?? null, null)
    ids.add(chunk.id)
  }
  assert.equal(ids.size, 1)
})

test('a failure in mid-stream is raised with its code, raw and by the helper', async () => {
  let text = ''
  await assert.rejects(async () => {
    for await (const chunk of await ask('fail 50 0', { stream: true })) text += chunk.choices[0]?.delta?.content ?? ''
  }, error => error instanceof OpenAI.APIError && error.code === 'probe_failed')
  assert.equal(text, count(50))
  await assert.rejects(
    openai.chat.completions.stream({ model: 'probe', messages: [{ role: 'user', content: 'fail 20 0' }] }).finalChatCompletion(),
    error => error instanceof OpenAI.APIError && error.code === 'probe_failed')
})

test('a failed plain answer is raised and not retried', async () => {
  await assert.rejects(ask('fail 1 0'), error => error.status === 424 && error.code === 'probe_failed')
  const tasks = await (await fetch(`${process.env.BASE_URL}/v1/tasks?limit=1`)).json()
  const before = tasks.data[0].id
  await assert.rejects(ask('fail 2 0'))
  const after = await (await fetch(`${process.env.BASE_URL}/v1/tasks?limit=2`)).json()
  assert.equal(after.data[1].id, before)
})

test('refusals have their own classes', async () => {
  await assert.rejects(ask('x', { model: 'nobody' }), error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found')
  await assert.rejects(ask('x', { n: 2 }), error => error instanceof OpenAI.BadRequestError && error.param === 'n')
})

test('agents are models', async () => {
  const ids = []
  for await (const model of openai.models.list()) ids.push(model.id)
  assert.deepEqual(ids, ['probe', 'write_tutorial'])
  assert.equal((await openai.models.retrieve('probe')).object, 'model')
  await assert.rejects(openai.models.retrieve('nobody'), OpenAI.NotFoundError)
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

const resets = { 'between frames': target => frameCuttingProxy(target, 30), 'within frames': target => cuttingProxy(target, 9_000) }
for (const [where, cut] of Object.entries(resets)) {
  for (const include_usage of [false, true]) {
    test(`a stream that is reset ${where} again and again, ${include_usage ? 'with' : 'without'} usage, is resumed to the same bytes`, async () => {
      const proxy = await cut(process.env.BASE_URL)
      const uncut = await ask('count 200 2', { stream: true, stream_options: { include_usage } }).asResponse()
      const url = `${proxy.url}/v1/tasks/${uncut.headers.get('X-Task-Id')}/events?protocol=openai-chat`
      const seen = []
      for (let tries = 0; tries < 50 && !seen.at(-1)?.endsWith('data: [DONE]\n\n'); tries++) seen.push(...await frames(url, seen.at(-1)?.match(/^id: (.*)/)[1]))
      proxy.close()
      assert.equal(seen.join(''), await uncut.text())
      assert.ok(proxy.connections() > 5, `${proxy.connections()} connections`)
    })
  }
}
