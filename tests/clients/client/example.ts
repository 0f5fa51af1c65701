// The client as a program in TypeScript uses it: what its types say must hold, or this does not compile or run.
import assert from 'node:assert/strict'
import { RelayError, StreamRelay, type Task, type TaskEvent, type TaskFile } from './client.js'

const relay = new StreamRelay(process.env.BASE_URL!, { apiKey: () => null, progressTimeout: 30_000 })

const task: Task = await relay.start('probe', [{ role: 'user', content: 'tool 2 0' }], { sessionId: 'typed', metadata: { language: 'English' }, idempotencyKey: crypto.randomUUID() })
const events: TaskEvent[] = []
for await (const event of relay.read(task.id, { after: null, onOpen: () => {}, onWait: () => {} })) events.push(event)
const last: TaskEvent = events.at(-1)!
assert.equal(last.event_type, 'end')
assert.equal(last.status, 'completed')
assert.equal(events.find(event => event.event_type === 'action')!.tool_name, 'get_weather')
const count: number = events.filter(event => event.event_type === 'output').length
assert.equal(count, 2)

const ended: Task = await relay.wait(task.id)
assert.equal(ended.usage!.total_tokens, ended.usage!.prompt_tokens + ended.usage!.completion_tokens)
assert.ok(Array.isArray(ended.input))
for await (const { id } of relay.list({ status: 'completed', sessionId: 'typed', agent: 'probe' })) assert.equal(typeof id, 'string')

const files: TaskFile[] = await relay.files(task.id)
assert.deepEqual(files, [])
const names: string[] = await relay.agents()
assert.ok(names.includes('probe'))
const url: string = await relay.ticketUrl(`/v1/tasks/${task.id}/events`, task.id, { signal: AbortSignal.timeout(10_000) })
assert.match(await (await fetch(url)).text(), /connection_end/)

const missing = await relay.get('nothing').catch((error: unknown) => error)
assert.ok(missing instanceof RelayError)
const { status, code, param, lastSequence, retryAfter }: RelayError = missing
assert.deepEqual([status, code, param, lastSequence, retryAfter], [404, 'task_not_found', 'id', null, 0])
const deleted: boolean = await relay.delete(task.id)
assert.equal(deleted, true)
