import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventSource } from 'eventsource'
import { cuttingProxy } from './proxy.mjs'

const base = process.env.BASE_URL

async function start(input) {
  const answer = await fetch(`${base}/v1/tasks`, { method: 'POST', body: JSON.stringify({ agent: 'probe', input }) })
  return (await answer.json()).id
}

test('an EventSource whose connection is reset again and again gets every event once, in order', async () => {
  const id = await start('count 300 1')
  const proxy = await cuttingProxy(base, 15_000)
  const keepAlive = setInterval(() => {}, 1000)
  const sequences = []
  let connections = 0
  await new Promise((resolve, reject) => {
    const events = new EventSource(`${proxy.url}/v1/tasks/${id}/events`)
    events.onopen = () => connections++
    events.onerror = error => { if (events.readyState === EventSource.CLOSED) reject(new Error(error.message)) }
    events.onmessage = ({ data }) => {
      const event = JSON.parse(data)
      if (event.type === 'connection_end') {
        events.close()
        resolve()
      } else {
        sequences.push(event.sequence)
      }
    }
  })
  clearInterval(keepAlive)
  proxy.close()
  assert.deepEqual(sequences, Array.from({ length: 303 }, (_, index) => index + 1))
  assert.ok(connections > 2, `${connections} connections`)
})

test('an EventSource that has everything is told to stay away', async () => {
  const id = await start('count 1 0')
  await (await fetch(`${base}/v1/tasks/${id}?wait=30`)).json()
  const keepAlive = setInterval(() => {}, 1000)
  const error = await new Promise(resolve => {
    const events = new EventSource(`${base}/v1/tasks/${id}/events?after=4`)
    events.onerror = error => resolve({ code: error.code, state: events.readyState })
  })
  clearInterval(keepAlive)
  assert.deepEqual(error, { code: 204, state: EventSource.CLOSED })
})

test('an EventSource that does not close at the end comes back once, is told to stay away, and has nothing twice', async () => {
  const id = await start('count 5 0')
  const keepAlive = setInterval(() => {}, 1000)
  const sequences = []
  const errors = []
  let ends = 0
  await new Promise(resolve => {
    const events = new EventSource(`${base}/v1/tasks/${id}/events`)
    events.onmessage = ({ data }) => {
      const event = JSON.parse(data)
      if (event.type === 'connection_end') ends++
      else sequences.push(event.sequence)
    }
    events.onerror = ({ code }) => {
      errors.push(code)
      if (events.readyState === EventSource.CLOSED) resolve()
    }
  })
  clearInterval(keepAlive)
  assert.deepEqual(sequences, [1, 2, 3, 4, 5, 6, 7, 8])
  assert.equal(ends, 1)
  assert.deepEqual(errors, [undefined, 204])
})
