// The server's own client, as the server serves it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { cuttingProxy } from './proxy.mjs'

const base = process.env.BASE_URL
const folder = path.join(import.meta.dirname, 'node_modules', '.client')
const run = (...command) => promisify(execFile)('npx', ['--no-install', ...command], { cwd: folder, env: process.env })
const servers = []

let RelayError, StreamRelay, relay

before(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
  for (const file of ['client.js', 'client.d.ts']) await writeFile(path.join(folder, file), await (await fetch(`${base}/${file}`)).text())
  for (const file of ['example.ts', 'tsconfig.json']) await copyFile(path.join(import.meta.dirname, 'client', file), path.join(folder, file))
  ;({ RelayError, StreamRelay } = await import(path.join(folder, 'client.js')))
  relay = new StreamRelay(base)
})

after(() => {
  for (const server of servers) server.close()
})

async function collect(events) {
  const all = []
  for await (const event of events) all.push(event)
  return all
}

/** A server that answers the first call with the first answer, and so on; `calls` has the request and the time of each. */
async function script(...answers) {
  const calls = []
  const server = http.createServer((request, response) => {
    calls.push({ headers: request.headers, time: performance.now() })
    answers[Math.min(calls.length, answers.length) - 1](response)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  servers.push({ close: () => { server.close(); server.closeAllConnections() } })
  return { url: `http://127.0.0.1:${server.address().port}`, calls }
}

const frame = (id, event) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`
const first = frame('1', { sequence: 1, event_type: 'start' })
const last = frame('2.1', { sequence: 2, event_type: 'end' }) + frame('2', { type: 'connection_end' })
const stream = (text, ends = true) => response => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  if (ends) response.end(text)
  else response.write(text)
}

test('a connection that is reset again and again gives every event once, in order', () => Promise.all([1501, 2200, 4096, 9000].map(async bytes => {
  const proxy = await cuttingProxy(base, bytes)
  servers.push(proxy)
  const { id } = await relay.start('probe', 'count 60 0')
  let waits = 0
  const events = await collect(new StreamRelay(proxy.url).read(id, { onWait: () => waits++ }))
  assert.deepEqual(events.map(event => event.sequence), Array.from({ length: 63 }, (_, index) => index + 1))
  assert.equal(events.filter(event => event.event_type === 'output').map(event => event.content).join(''), Array.from({ length: 60 }, (_, index) => `t${index + 1} `).join(''))
  assert.ok(waits > 0 && proxy.connections() === waits + 1, `${bytes} bytes: ${waits} waits, ${proxy.connections()} connections`)
})))

test('a connection that is closed between two frames is not the end, and the next one starts after the last frame', async () => {
  const { url, calls } = await script(stream(`retry: 10\n\n${first}`), stream(first.slice(0, -1)), stream(last))
  const events = await collect(new StreamRelay(url).read('t'))
  assert.deepEqual(events.map(event => event.event_type), ['start', 'end'])
  assert.deepEqual(calls.map(({ headers }) => headers['last-event-id']), [undefined, '1', '1'])
})

test('frames are found in pieces of any size, with every kind of line end', async () => {
  for (const ends of ['\n', '\r\n', '\r']) {
    const bytes = Buffer.from((': ping\n\n' + first + frame('2.1', { sequence: 2, event_type: 'end', content: 'é😀' }) + frame('2', { type: 'connection_end' }) + '\n').replaceAll('\n', ends))
    for (const size of [1, 2, 7]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
      const fetch = async () => new Response(ReadableStream.from(pieces), { headers: { 'Content-Type': 'text/event-stream' } })
      const events = await collect(new StreamRelay('http://none', { fetch }).read('t'))
      assert.deepEqual(events.map(event => event.content), [undefined, 'é😀'])
    }
  }
})

test('a server is asked again when it says, and not before', async () => {
  const busy = response => response.writeHead(429, { 'Retry-After': '2' }).end()
  const { url, calls } = await script(busy, stream(`retry: 700\n\n${first}`), stream(last))
  await collect(new StreamRelay(url).read('t'))
  assert.ok(calls[1].time - calls[0].time > 1999, `${calls[1].time - calls[0].time} ms`)
  assert.ok(calls[2].time - calls[1].time >= 699, `${calls[2].time - calls[1].time} ms`)
})

test('a connection without heartbeats is replaced', async () => {
  const { url } = await script(stream(`retry: 10\n\n${first}`, false), stream(last))
  const events = await collect(new StreamRelay(url, { silenceTimeout: 200 }).read('t'))
  assert.deepEqual(events.map(event => event.sequence), [1, 2])
})

test('a request without an answer is sent again', async () => {
  const { url, calls } = await script(() => {}, response => response.end('{"id":"t"}'))
  assert.equal((await new StreamRelay(url, { silenceTimeout: 200 }).get('t')).id, 't')
  assert.equal(calls.length, 2)
})

test('what brings no event is given up, and what can never succeed at once', async () => {
  const gone = await cuttingProxy(base, 60)
  servers.push(gone)
  const { id } = await relay.start('probe', 'count 1 0')
  await assert.rejects(collect(new StreamRelay(gone.url, { progressTimeout: 2500 }).read(id)), error => error instanceof RelayError && error.status === 0)
  assert.ok(gone.connections() > 1)
  await relay.wait(id)
  await assert.rejects(collect(relay.read(id, { after: 5000 })), error => error.status === 410 && error.lastSequence === 4)
  await assert.rejects(collect(relay.read('nothing')), error => error.status === 404 && error.code === 'task_not_found')
  assert.deepEqual(await collect(relay.read(id, { after: 4 })), [])

  const { url, calls } = await script(stream(first + frame('3', { sequence: 3, event_type: 'output' })))
  await assert.rejects(collect(new StreamRelay(url).read('t')), error => error.status === 410 && error.lastSequence === 1)
  assert.equal(calls.length, 1)
  const page = await script(response => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'))
  await assert.rejects(collect(new StreamRelay(page.url).read('t')), /address of a StreamRelay server/)
})

test('a start whose answer is lost runs once', async () => {
  let lost = 1
  const client = new StreamRelay(base, {
    fetch: async (...request) => {
      const response = await fetch(...request)
      if (lost-- > 0) throw new TypeError('lost')
      return response
    },
  })
  const { id } = await client.start('probe', 'count 1 0', { sessionId: 'js-lost' })
  assert.deepEqual((await collect(relay.list({ sessionId: 'js-lost' }))).map(task => task.id), [id])
})

test('a stop keeps the output, a failure is the last event, and an unknown agent is named', async () => {
  const { id } = await relay.start('probe', 'count 100000 5')
  const events = []
  for await (const event of relay.read(id)) {
    events.push(event)
    if (event.sequence === 5) await relay.stop(id)
  }
  assert.equal(events.at(-1).status, 'stopped')
  const failed = await relay.start('probe', 'fail 1 0')
  const [error] = (await collect(relay.read(failed.id))).slice(-1)
  assert.deepEqual([error.event_type, error.code], ['error', (await relay.wait(failed.id)).error.code])
  await assert.rejects(relay.start('nobody', 'x'), error => error.status === 404 && error.param === 'agent' && /probe/.test(error.message))
})

test('leaving a loop and aborting a signal end the reading, and not the task', async () => {
  const { id } = await relay.start('probe', 'count 100000 5')
  for await (const event of relay.read(id)) if (event.sequence > 2) break
  const leaving = new AbortController()
  await assert.rejects(async () => {
    for await (const _ of relay.read(id, { signal: leaving.signal })) leaving.abort()
  }, { name: 'AbortError' })
  assert.equal((await relay.get(id)).status, 'running')
  assert.equal(await relay.delete(id), true)
  assert.equal(await relay.delete(id), false)
})

test('files are listed and downloaded', async () => {
  const { id } = await relay.start('write_tutorial', 'Knots', { metadata: { language: 'German' } })
  await relay.wait(id)
  const [file] = await relay.files(id)
  const text = await (await relay.download(id, file.name)).text()
  assert.match(text, /^# Knots/)
  assert.equal(Buffer.byteLength(text), file.size)
  assert.equal(await (await fetch(file.url)).text(), text)
})

test('a program in TypeScript compiles with its types, and gets what they say', async () => {
  try {
    await run('tsc', '--project', 'tsconfig.json')
  } catch (error) {
    assert.fail(error.stdout)
  }
  await promisify(execFile)('node', ['example.js'], { cwd: folder, env: { ...process.env, BASE_URL: base } })
})
