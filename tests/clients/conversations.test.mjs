import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'

const base = process.env.BASE_URL
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 })
const ask = (input, more = {}) => openai.responses.create({ model: 'probe', input, ...more })
const count = n => Array.from({ length: n }, (_, index) => `t${index + 1} `).join('')
const textOf = item => item.content.map(part => part.text).join('')

async function all(list) {
  const items = []
  for await (const item of list) items.push(item)
  return items
}

test('a conversation is created, changed and deleted', async () => {
  const created = await openai.conversations.create({ metadata: { topic: 'demo' } })
  assert.equal(created.object, 'conversation')
  assert.ok(Math.abs(created.created_at - Date.now() / 1000) < 600)
  assert.deepEqual(await openai.conversations.retrieve(created.id), created)
  assert.deepEqual((await openai.conversations.update(created.id, { metadata: { topic: 'other' } })).metadata, { topic: 'other' })
  assert.deepEqual(await openai.conversations.delete(created.id), { id: created.id, object: 'conversation.deleted', deleted: true })
  await assert.rejects(openai.conversations.retrieve(created.id), OpenAI.NotFoundError)
})

test('responses continue a conversation and are appended to it', async () => {
  const { id } = await openai.conversations.create({ items: [{ role: 'user', content: 'count 2 0' }, { role: 'assistant', content: count(2) }] })
  const plain = await ask('count 3 0', { conversation: id })
  assert.deepEqual(plain.conversation, { id })
  const streamed = await openai.responses.stream({ model: 'probe', input: 'count 1 0', conversation: { id } }).finalResponse()
  const items = await all(openai.conversations.items.list(id, { order: 'asc', limit: 2 }))
  assert.deepEqual(items.map(textOf), ['count 2 0', count(2), 'count 3 0', count(3), 'count 1 0', count(1)])
  assert.deepEqual(items[3], plain.output[0])
  assert.equal(items[5].id, streamed.output[0].id)
})

test('the call of a tool is answered in a conversation', async () => {
  const { id } = await openai.conversations.create()
  const { output: [call] } = await ask('call 3 0', { conversation: id })
  // The probe obeys the last thing that the user said, which is in the conversation alone.
  await ask([{ type: 'function_call_output', call_id: call.call_id, output: '21 degrees' }], { conversation: id })
  const items = await all(openai.conversations.items.list(id, { order: 'asc' }))
  assert.deepEqual(items.map(item => item.type), ['message', 'function_call', 'function_call_output', 'function_call'])
  assert.deepEqual([items[1].arguments, items[2].output], [call.arguments, '21 degrees'])
})

test('items are added, paged through, read and deleted', async () => {
  const { id } = await openai.conversations.create()
  const added = await openai.conversations.items.create(id, { items: [1, 2, 3, 4, 5].map(n => ({ role: 'user', content: `${n}` })) })
  assert.deepEqual(added.data.map(textOf), ['1', '2', '3', '4', '5'])
  assert.deepEqual((await all(openai.conversations.items.list(id, { limit: 2 }))).map(textOf), ['5', '4', '3', '2', '1'])
  assert.deepEqual((await all(openai.conversations.items.list(id, { after: added.data[2].id }))).map(textOf), ['2', '1'])
  assert.deepEqual(await openai.conversations.items.retrieve(added.data[1].id, { conversation_id: id }), added.data[1])
  assert.equal((await openai.conversations.items.delete(added.data[1].id, { conversation_id: id })).id, id)
  await assert.rejects(openai.conversations.items.retrieve(added.data[1].id, { conversation_id: id }), OpenAI.NotFoundError)
})

test('the input of a response is paged through', async () => {
  const first = await ask('count 2 0')
  const second = await ask('count 1 0', { previous_response_id: first.id })
  const items = await all(openai.responses.inputItems.list(second.id, { order: 'asc', limit: 1, include: ['message.input_image.image_url'] }))
  assert.deepEqual(items.map(textOf), ['count 2 0', count(2), 'count 1 0'])
  assert.equal(new Set(items.map(item => item.id)).size, 3)
  assert.deepEqual((await all(openai.responses.inputItems.list(second.id))).map(textOf), ['count 1 0', count(2), 'count 2 0'])
})

test('refusals name the field', async () => {
  const { id } = await openai.conversations.create()
  const refused = (field, more) => assert.rejects(ask('count 1 0', more), error => error instanceof OpenAI.BadRequestError && error.param === field)
  await refused('previous_response_id', { conversation: id, previous_response_id: 'resp_x' })
  await refused('prompt', { prompt: { id: 'pmpt_1' } })
  await refused('include[0]', { include: ['code_interpreter_call.outputs'] })
  await assert.rejects(ask('count 1 0', { conversation: 'conv_nobody' }), error => error instanceof OpenAI.NotFoundError && error.param === 'conversation')
  await assert.rejects(all(openai.responses.inputItems.list('resp_nobody')), OpenAI.NotFoundError)
})
