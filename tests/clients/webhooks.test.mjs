import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'

const openai = new OpenAI({ baseURL: `${process.env.BASE_URL}/v1`, apiKey: 'none', webhookSecret: process.env.WEBHOOK_SECRET })
const received = []
const receiver = createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  received.push({ body, headers: request.headers })
  response.writeHead(204).end()
  receiver.emit('received')
})

before(async () => {
  receiver.listen(new URL(process.env.WEBHOOK_URL).port, '127.0.0.1')
  await once(receiver, 'listening')
})
after(() => receiver.close())

async function next(start) {
  const arrived = once(receiver, 'received')
  const response = await start()
  await arrived
  const { body, headers } = received.at(-1)
  return { response, body, headers, event: await openai.webhooks.unwrap(body, headers) }
}

test('the official client verifies and reads the end of each response', async () => {
  for (const [input, type] of [['count 1 0', 'response.completed'], ['fail 1 0', 'response.failed']]) {
    const { response, event } = await next(() => openai.responses.create({ model: 'probe', input, background: true }))
    assert.deepEqual([event.object, event.type, event.data], ['event', type, { id: response.id }])
    assert.equal((await openai.responses.retrieve(event.data.id)).status, type.split('.')[1])
  }
})

test('a cancelled response is reported as such', async () => {
  const { id } = await openai.responses.create({ model: 'probe', input: 'count 100000 10', background: true })
  const { event } = await next(() => openai.responses.cancel(id))
  assert.deepEqual([event.type, event.data.id], ['response.cancelled', id])
})

test('a body that was changed is refused', async () => {
  const { body, headers } = await next(() => openai.responses.create({ model: 'probe', input: 'count 1 0' }))
  await assert.rejects(openai.webhooks.unwrap(body.replace('completed', 'failed'), headers), OpenAI.InvalidWebhookSignatureError)
})
