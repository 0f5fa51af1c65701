// A client that is made from the API document: what it says of paths, parameters, bodies and answers must hold, or this does not compile or run.
import assert from 'node:assert/strict'
import createClient from 'openapi-fetch'
import type { components, paths } from './api.js'

type TaskEvent = components['schemas']['TaskEvent']

const client = createClient<paths>({ baseUrl: process.env.BASE_URL! })

const started = await client.POST('/v1/tasks', {
    body: { agent: 'probe', input: 'count 3 0', session_id: 'generated', metadata: { language: 'English' } },
    params: { header: { 'Idempotency-Key': 'generated-1' } },
})
assert.equal(started.response.status, 201)
const id: string = started.data!.id
assert.equal(started.data!.session_id, 'generated')

const ended = await client.GET('/v1/tasks/{id}', { params: { path: { id }, query: { wait: 30 } } })
const lastSequence: number = ended.data!.last_sequence
assert.equal(ended.data!.status, 'completed')
assert.ok(ended.data!.ended_at)

const page = await client.GET('/v1/tasks/{id}/events', { params: { path: { id }, query: { after: '1', limit: 2 } }, headers: { Accept: 'application/json' } })
assert.ok(typeof page.data === 'object')
const events: TaskEvent[] = page.data.data
assert.deepEqual(events.map(event => [event.sequence, event.event_type]), [[2, 'output'], [3, 'output']])
assert.equal(page.data.has_more, true)
assert.equal(page.data.next, 3)

const stream = await client.GET('/v1/tasks/{id}/events', { params: { path: { id }, header: { 'Last-Event-ID': '3' }, query: { named: '1' } }, parseAs: 'stream' })
const text = await new Response(stream.data).text()
assert.match(text, new RegExp(`^id: ${lastSequence}$`, 'm'))
assert.doesNotMatch(text, /^id: 3$/m)

const list = await client.GET('/v1/tasks', { params: { query: { state: 'completed', session_id: 'generated', limit: 1 } } })
assert.deepEqual(list.data!.data.map(task => task.id), [id])

const chat = await client.POST('/v1/chat/completions', { body: { model: 'probe', messages: [{ role: 'user', content: 'count 2 0' }] } })
assert.ok(typeof chat.data === 'object')
assert.equal(chat.data.choices[0].finish_reason, 'stop')

const response = await client.POST('/v1/responses', { body: { model: 'probe', input: 'count 1 0', background: true } })
assert.ok(typeof response.data === 'object')
const items = await client.GET('/v1/responses/{id}/input_items', { params: { path: { id: response.data.id }, query: { order: 'asc', limit: 5 } } })
assert.equal(items.data!.data.length, 1)

const message = await client.POST('/v1/messages', { body: { model: 'probe', max_tokens: 100, messages: [{ role: 'user', content: 'count 1 0' }] } })
assert.ok(typeof message.data === 'object')
assert.equal(message.data.stop_reason, 'end_turn')

const models = await client.GET('/v1/models')
assert.ok(models.data!.data.some(model => model.id === 'probe' && model.owned_by === 'streamrelay'))

const limits = await client.GET('/v1/limits')
assert.ok(limits.data!.bytes.body > 0)

const missing = await client.GET('/v1/tasks/{id}', { params: { path: { id: 'nothing' } } })
assert.equal(missing.response.status, 404)
assert.equal(missing.error!.error.code, 'task_not_found')

const stopped = await client.POST('/v1/tasks/{id}/stop', { params: { path: { id } } })
assert.equal(stopped.data!.status, 'completed')
const deleted = await client.DELETE('/v1/tasks/{id}', { params: { path: { id } } })
assert.equal(deleted.data!.deleted, 1)
