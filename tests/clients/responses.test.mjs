import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import OpenAI from 'openai'
import { frameCuttingProxy, resettingProxy } from './proxy.mjs'

const base = process.env.BASE_URL
const connect = url => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
const openai = connect(base)
const ask = (input, more = {}, client = openai) => client.responses.create({ model: 'probe', input, ...more })
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')
const textOf = events => events.filter(event => event.type === 'response.output_text.delta').map(event => event.delta).join('')
const outputText = response => response.output.flatMap(item => item.content ?? []).map(part => part.text).join('')
const numbersOf = events => events.map(event => event.sequence_number)
const upTo = n => Array.from({ length: n }, (_, index) => index)

async function all(stream) {
  const events = []
  for await (const event of await stream) events.push(event)
  return events
}

/** The rest of a stream that was cut, and then the whole of it: together they must be what an uncut reader gets. */
async function assertResumes(seen) {
  const { response: { id } } = seen[0]
  const rest = await all(openai.responses.retrieve(id, { stream: true, starting_after: seen.at(-1).sequence_number }))
  const replay = await all(openai.responses.retrieve(id, { stream: true }))
  assert.ok(rest.length > 0)
  assert.deepEqual([...seen, ...rest], replay)
  assert.deepEqual(numbersOf(replay), upTo(replay.length))
  assert.equal(textOf(replay), count(100))
  assert.equal(replay.at(-1).type, 'response.completed')
}

test('a stream arrives exactly, numbered without gaps, with its usage', async () => {
  const events = await all(ask('count 500 0', { stream: true }))
  assert.deepEqual(numbersOf(events), upTo(events.length))
  assert.equal(textOf(events), count(500))
  assert.deepEqual(events.slice(0, 2).map(event => event.type), ['response.created', 'response.in_progress'])
  const { type, response } = events.at(-1)
  assert.equal(type, 'response.completed')
  assert.equal(response.status, 'completed')
  assert.equal(outputText(response), count(500))
  assert.equal(response.usage.output_tokens, 500)
  assert.equal(response.usage.total_tokens, 507)
})

test('the stream helper assembles the same answer', async () => {
  const response = await openai.responses.stream({ model: 'probe', input: 'count 20 0' }).finalResponse()
  assert.equal(response.status, 'completed')
  assert.equal(response.output_text, count(20))
})

test('a plain answer has text, usage and a request id', async () => {
  const response = await ask('count 3 0')
  assert.equal(response.status, 'completed')
  assert.equal(response.output_text, count(3))
  assert.equal(response.usage.total_tokens, 10)
  assert.match(response._request_id, /^req_/)
  assert.equal((await openai.responses.retrieve(response.id)).output_text, count(3))
})

test('a background response that its reader left goes on, and is read on from there', async () => {
  const stream = await ask('count 100 10', { stream: true, background: true })
  const seen = []
  for await (const event of stream) {
    seen.push(event)
    if (seen.length === 9) stream.controller.abort()
  }
  assert.equal(seen.length, 9)
  await assertResumes(seen)
})

test('a background response whose connection was reset is read on from there', async () => {
  const proxy = await resettingProxy(base)
  const seen = []
  await assert.rejects(async () => {
    for await (const event of await ask('count 100 10', { stream: true, background: true }, connect(proxy.url))) {
      seen.push(event)
      if (seen.length === 9) proxy.reset()
    }
  }, /terminated/)
  proxy.close()
  await assertResumes(seen)
})

test('a background response that is reset every few frames is read in many pieces, each event once', async () => {
  const proxy = await frameCuttingProxy(base, 30)
  const client = connect(proxy.url)
  const { id } = await ask('count 100 2', { background: true })
  const seen = []
  for (let tries = 0; tries < 50 && seen.at(-1)?.type !== 'response.completed'; tries++) {
    try {
      for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1)?.sequence_number })) seen.push(event)
    } catch (error) {
      assert.match(error.message, /terminated|Connection error/)
    }
  }
  proxy.close()
  assert.ok(proxy.connections() > 3, `${proxy.connections()} connections`)
  assert.deepEqual(seen, await all(openai.responses.retrieve(id, { stream: true })))
})

test('the stream helper reads a response on from where it was', async () => {
  const { id } = await ask('count 20 0', { background: true })
  const replay = await all(openai.responses.retrieve(id, { stream: true }))
  const stream = openai.responses.stream({ response_id: id, starting_after: 9 })
  const events = await all(stream)
  assert.deepEqual(numbersOf(events), numbersOf(replay).slice(10))
  assert.equal((await stream.finalResponse()).output_text, count(20))
})

test('what comes after the last event is nothing, and what is no number is refused', async () => {
  const { id } = await ask('count 1 0')
  const replay = await all(openai.responses.retrieve(id, { stream: true }))
  assert.deepEqual(await all(openai.responses.retrieve(id, { stream: true, starting_after: replay.at(-1).sequence_number })), [])
  await assert.rejects(openai.responses.retrieve(id, { stream: true, starting_after: 'x' }), error => error instanceof OpenAI.BadRequestError && error.param === 'starting_after')
  await assert.rejects(openai.responses.retrieve('resp_nobody', { stream: true }), OpenAI.NotFoundError)
})

test('a background response is cancelled, twice, and keeps what it said', async () => {
  const events = []
  let cancelled
  for await (const event of await ask('count 100000 10', { stream: true, background: true })) {
    events.push(event)
    if (textOf(events) === count(3)) cancelled ??= await openai.responses.cancel(events[0].response.id)
  }
  assert.equal(cancelled.status, 'cancelled')
  assert.ok(outputText(cancelled).startsWith(count(3)))
  assert.equal(textOf(events), outputText(cancelled))
  assert.equal(events.at(-1).type, 'response.incomplete')
  assert.equal(events.at(-1).response.status, 'cancelled')
  assert.deepEqual(await openai.responses.cancel(cancelled.id), cancelled)
  assert.equal((await openai.responses.retrieve(cancelled.id)).output_text, outputText(cancelled))
})

test('a response that is not in the background is not cancelled', async () => {
  const { id } = await ask('count 1 0')
  await assert.rejects(openai.responses.cancel(id), error => error instanceof OpenAI.BadRequestError && error.code === 'not_background')
})

test('a failure ends the stream with response.failed, and stays', async () => {
  const events = await all(ask('fail 50 0', { stream: true }))
  assert.equal(events.at(-1).type, 'response.failed')
  assert.equal(textOf(events), count(50))
  const response = await openai.responses.retrieve(events[0].response.id)
  assert.equal(response.status, 'failed')
  assert.equal(response.error.message, 'The probe was asked to fail.')
  assert.equal(response.output_text, count(50))
  assert.equal((await openai.responses.stream({ model: 'probe', input: 'fail 5 0' }).finalResponse()).status, 'failed')
})

test('a failed plain answer is raised and not retried', async () => {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none' })
  const tasks = async limit => (await (await fetch(`${base}/v1/tasks?limit=${limit}`)).json()).data.map(task => task.id)
  const [before] = await tasks(1)
  await assert.rejects(ask('fail 1 0', {}, client), error => error.status === 424 && error.code === 'probe_failed')
  assert.equal((await tasks(2))[1], before)
})

test('function calls are items, streamed and plain', async () => {
  const streamed = await openai.responses.stream({ model: 'probe', input: 'call 5 0' }).finalResponse()
  for (const { status, output: [call] } of [streamed, await ask('call 5 0')]) {
    assert.equal(status, 'completed')
    assert.equal(call.type, 'function_call')
    assert.equal(call.name, 'get_weather')
    assert.equal(call.status, 'completed')
    assert.deepEqual(JSON.parse(call.arguments), { city: 'Paris' })
  }
  const events = await all(ask('call 5 0', { stream: true }))
  const deltas = events.filter(event => event.type === 'response.function_call_arguments.delta')
  assert.equal(deltas.length, 5)
  assert.equal(deltas.map(event => event.delta).join(''), events.find(event => event.type === 'response.function_call_arguments.done').arguments)
})

test('reasoning is an item before the answer', async () => {
  const streamed = await openai.responses.stream({ model: 'probe', input: 'reason 3 0' }).finalResponse()
  for (const { output, output_text } of [streamed, await ask('reason 3 0')]) {
    assert.deepEqual(output.map(item => item.type), ['reasoning', 'message'])
    assert.deepEqual(output[0].summary, [{ type: 'summary_text', text: count(3) }])
    assert.equal(output_text, 'done')
  }
})

test('a response goes on with an earlier one', async () => {
  const first = await ask('call 3 0')
  // The probe obeys the last thing that the user said, which is in the first response alone.
  const second = await ask([{ type: 'function_call_output', call_id: first.output[0].call_id, output: '21 degrees' }], { previous_response_id: first.id })
  assert.equal(second.previous_response_id, first.id)
  assert.equal(second.output[0].name, 'get_weather')
  assert.notEqual(second.id, first.id)
  await assert.rejects(ask('count 1 0', { previous_response_id: 'resp_nobody' }), error => error instanceof OpenAI.BadRequestError && error.param === 'previous_response_id')
})

test('a response that was read to its end has ended for every call after it', async () => {
  for (let times = 0; times < 20; times++) {
    const stream = await ask('count 1 0', { stream: true })
    let first
    for await (const { type, response } of stream) {
      if (type !== 'response.completed') continue
      first = response
      break
    }
    const second = await ask('count 2 0', { previous_response_id: first.id })
    assert.equal(second.output_text, count(2))
    assert.equal(second.previous_response_id, first.id)
  }
})

test('a response that was read to its end can be deleted at once', async () => {
  for (let times = 0; times < 200; times++) {
    const { id } = await ask('count 1 0')
    await openai.responses.delete(id)
  }
})

test('what is not to be stored is gone once it was read', async () => {
  for (const more of [{ stream: true }, {}]) {
    const answer = await ask('count 3 0', { store: false, ...more })
    const id = more.stream ? (await all(answer))[0].response.id : answer.id
    let isGone = false
    for (let tries = 0; tries < 100 && !isGone; tries++) {
      isGone = await openai.responses.retrieve(id).then(() => setTimeout(30, false), error => {
        assert.ok(error instanceof OpenAI.NotFoundError, error)
        return true
      })
    }
    assert.ok(isGone)
  }
})

test('a deleted response is gone, also one that runs', async () => {
  const ended = await ask('count 1 0')
  const running = await ask('count 100000 10', { background: true })
  for (const { id } of [ended, running]) {
    const deleted = await openai.delete(`/responses/${id}`)
    assert.deepEqual(deleted, { id, object: 'response.deleted', deleted: true })
    await assert.rejects(openai.responses.retrieve(id), OpenAI.NotFoundError)
    await assert.rejects(openai.responses.delete(id), OpenAI.NotFoundError)
  }
})

test('refusals have their own classes', async () => {
  await assert.rejects(ask('count 1 0', { model: 'nobody' }), error => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found')
  await assert.rejects(ask('count 1 0', { background: true, store: false }), error => error instanceof OpenAI.BadRequestError && error.param === 'store')
  await assert.rejects(openai.responses.cancel('resp_nobody'), OpenAI.NotFoundError)
})
