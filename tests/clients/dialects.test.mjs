import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mock, test } from 'node:test'
import { HttpAgent } from '@ag-ui/client'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { answer, chats, send } from './chats.mjs'

// The agent asks a server that answers in the dialect that the last message names, and after 'echo' with the messages that it got.
const base = process.env.BASE_URL
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 })
const anthropic = new Anthropic({ baseURL: base, apiKey: 'none', maxRetries: 0 })
const warned = mock.method(console, 'warn', () => {})
const calls = [['call_a', { city: 'Rome' }], ['call_b', { city: 'Oslo' }]]
const sources = ['https://a.example/', 'https://b.example/']

const chat = content => openai.chat.completions.stream({ model: 'relayed', stream_options: { include_usage: true }, messages: [{ role: 'user', content }] }).finalChatCompletion()
const user = content => ({ role: 'user', content })
const message = (...messages) => anthropic.messages.stream({ model: 'relayed', max_tokens: 1000, messages }).finalMessage()
const respond = input => openai.responses.stream({ model: 'relayed', input }).finalResponse()

const connect = content => new HttpAgent({ url: `${base}/ag-ui/relayed`, threadId: randomUUID(), initialMessages: [{ id: 'u1', role: 'user', content }] })

async function run(content) {
  const agent = connect(content)
  const events = []
  const { newMessages } = await agent.runAgent({}, { onEvent: ({ event }) => { events.push(event) } })
  assert.deepEqual(warned.mock.calls.map(call => call.arguments), [])
  return { events, newMessages, last: events.at(-1) }
}

test('openai chat: parallel calls of one index stay two, and a call keeps its signature', async () => {
  const { message, finish_reason } = (await chat('all calls have the index 0')).choices[0]
  assert.deepEqual(message.tool_calls.map(call => [call.id, JSON.parse(call.function.arguments)]), calls)
  assert.equal(finish_reason, 'tool_calls')
  const signed = await openai.chat.completions.create({ model: 'relayed', messages: [{ role: 'user', content: 'a call with a signature' }] })
  assert.equal(signed.choices[0].message.tool_calls[0].extra_content.google.thought_signature, 'c2ln')
})

/** What the server must get back: the signature of the call, with the call and its result. */
function assertSigned(text) {
  const [, { tool_calls: [call] }, result] = JSON.parse(text)
  assert.deepEqual([call.id, call.function.name, JSON.parse(call.function.arguments)], ['call_a', 'look', { city: 'Rome' }])
  assert.equal(call.extra_content.google.thought_signature, 'c2ln')
  assert.deepEqual([result.role, result.tool_call_id, result.content], ['tool', 'call_a', 'echo'])
}

/** What the server must get back: the details of its reasoning. */
function assertReasoned(text) {
  const [, { reasoning_details: [detail] }] = JSON.parse(text)
  assert.deepEqual(detail, { type: 'reasoning.text', text: 'hm', signature: 'c2ln' })
}

test('openai chat: the next turn gives signatures back', async () => {
  const create = async messages => (await openai.chat.completions.create({ model: 'relayed', messages })).choices[0].message
  const called = await create([user('a call with a signature')])
  assertSigned((await create([user('a call with a signature'), called, { role: 'tool', tool_call_id: 'call_a', content: 'echo' }])).content)
  const thought = await create([user('details of the reasoning')])
  assertReasoned((await create([user('details of the reasoning'), thought, user('echo')])).content)
})

test('openai responses: the next turn gives signatures back, also from a stored response', async () => {
  const output = [{ type: 'function_call_output', call_id: 'call_a', output: 'echo' }]
  const called = await openai.responses.create({ model: 'relayed', input: 'a call with a signature' })
  const asked = { role: 'user', content: 'a call with a signature' }
  assertSigned((await openai.responses.create({ model: 'relayed', input: [asked, ...called.output, ...output] })).output_text)
  assertSigned((await openai.responses.create({ model: 'relayed', previous_response_id: called.id, input: output })).output_text)
  const thought = await openai.responses.create({ model: 'relayed', input: 'details of the reasoning' })
  const again = await openai.responses.create({ model: 'relayed', input: [{ role: 'user', content: 'x' }, ...thought.output, { role: 'user', content: 'echo' }] })
  assertReasoned(again.output_text)
})

test('openai: a call of a custom tool has its text, and goes back as it came', async () => {
  const asked = { role: 'user', content: 'a call of a custom tool' }
  const { message } = (await chat(asked.content)).choices[0]
  assert.deepEqual(message.tool_calls[0].custom, { name: 'draw', input: 'a line' })
  const back = await openai.chat.completions.create({ model: 'relayed', messages: [asked, message, { role: 'tool', tool_call_id: 'call_a', content: 'echo' }] })
  assert.deepEqual(JSON.parse(back.choices[0].message.content)[1].tool_calls[0].custom, { name: 'draw', input: 'a line' })
  const response = await respond(asked.content)
  const [{ type, call_id, name, input }] = response.output
  assert.deepEqual([type, call_id, name, input], ['custom_tool_call', 'call_a', 'draw', 'a line'])
  const output = [{ type: 'custom_tool_call_output', call_id, output: 'echo' }]
  for (const turn of [{ input: [asked, ...response.output, ...output] }, { previous_response_id: response.id, input: output }]) {
    const { output_text } = await openai.responses.create({ model: 'relayed', ...turn })
    assert.deepEqual(JSON.parse(output_text)[1].tool_calls[0].custom, { name: 'draw', input: 'a line' })
  }
})

test('openai chat: refusal, logprobs, annotations and details of the usage', async () => {
  assert.equal((await chat('a refusal')).choices[0].message.refusal, "I won't.")
  assert.deepEqual((await chat('logprobs')).choices[0].logprobs.content.map(token => token.token), ['Hel', 'lo'])
  const { usage } = await chat('details of the usage')
  assert.equal(usage.prompt_tokens_details.cached_tokens, 5)
  assert.equal(usage.completion_tokens_details.reasoning_tokens, 2)
  assert.equal((await chat('plain')).usage.prompt_tokens_details, undefined)
  const cited = await openai.chat.completions.create({ model: 'relayed', messages: [{ role: 'user', content: 'annotations' }] })
  assert.deepEqual(cited.choices[0].message.annotations.map(annotation => annotation.url_citation.url), sources)
})

test('anthropic: parallel calls of one index stay two, and each block comes whole', async () => {
  const stream = anthropic.messages.stream({ model: 'relayed', max_tokens: 1000, messages: [user('all calls have the index 0')] })
  const blocks = []
  stream.on('contentBlock', block => { blocks.push([block.id, block.input]) })
  const { stop_reason } = await stream.finalMessage()
  assert.deepEqual(blocks, calls)
  assert.equal(stop_reason, 'tool_use')
})

test('anthropic: two turns with an image and parallel tools reach the server whole', async () => {
  const asked = [user([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QQ==' } }]), user('all calls have the index 0')]
  const { content } = await message(...asked)
  const results = content.map(({ id, input }) => ({ type: 'tool_result', tool_use_id: id, content: input.city }))
  const answer = await message(...asked, { role: 'assistant', content }, user([...results, { type: 'text', text: 'echo' }]))
  assert.deepEqual(JSON.parse(answer.content[0].text), [
    user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } }]),
    asked[1],
    { role: 'assistant', content: null, tool_calls: calls.map(([id, input]) => ({ id, type: 'function', function: { name: 'look', arguments: JSON.stringify(input) } })) },
    ...calls.map(([tool_call_id, { city }]) => ({ role: 'tool', tool_call_id, content: city })),
    user('echo'),
  ])
})

test('anthropic: the next turn gives signatures back, streamed or not', async () => {
  const whole = (...messages) => anthropic.messages.create({ model: 'relayed', max_tokens: 1000, messages })
  for (const answer of [message, whole]) {
    const called = await answer(user('a call with a signature'))
    const result = user([{ type: 'tool_result', tool_use_id: 'call_a', content: 'echo' }])
    assertSigned((await answer(user('a call with a signature'), { role: 'assistant', content: called.content }, result)).content[0].text)
    const thought = await answer(user('details of the reasoning'))
    assert.deepEqual(thought.content[0], { type: 'thinking', thinking: 'hm', signature: 'c2ln' })
    assertReasoned((await answer(user('details of the reasoning'), { role: 'assistant', content: thought.content }, user('echo'))).content[0].text)
  }
})

test('anthropic: a call of a custom tool has its text, and goes back as it came', async () => {
  const asked = user('a call of a custom tool')
  const { content } = await message(asked)
  assert.deepEqual([content[0].name, content[0].input], ['draw', 'a line'])
  const back = await message(asked, { role: 'assistant', content }, user([{ type: 'tool_result', tool_use_id: 'call_a', content: 'echo' }]))
  assert.deepEqual(JSON.parse(back.content[0].text)[1].tool_calls[0].custom, { name: 'draw', input: 'a line' })
})

test('anthropic: refusal, sources, details of the usage and the reason of the upstream', async () => {
  const refused = await message(user('a refusal'))
  assert.deepEqual([refused.content[0].text, refused.stop_reason], ["I won't.", 'refusal'])
  assert.deepEqual((await message(user('annotations'))).content[0].citations.map(citation => citation.url), sources)
  const { usage } = await message(user('details of the usage'))
  assert.deepEqual([usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens, usage.output_tokens_details.thinking_tokens], [2, 5, 3, 2])
  assert.equal((await message(user('plain'))).usage.cache_read_input_tokens, undefined)
  await assert.rejects(message(user('an object that is an error')), error => error instanceof Anthropic.APIError && error.error.error.code === 'oom' && error.message.includes('The model is out of memory.'))
})

test('openai chat: the reason of the upstream is the error', async () => {
  await assert.rejects(chat('an object that is an error'), error => error.code === 'oom' && error.message.includes('The model is out of memory.'))
  await assert.rejects(chat('an empty finish reason, then the end'), error => error.code === 'upstream_interrupted')
})

test('openai responses: the helper assembles refusal, annotations, logprobs, calls and usage', async () => {
  const [{ type, refusal }] = (await respond('a refusal')).output[0].content
  assert.deepEqual([type, refusal], ['refusal', "I won't."])
  assert.deepEqual((await respond('annotations')).output[0].content[0].annotations.map(annotation => annotation.url), sources)
  assert.deepEqual((await respond('logprobs')).output[0].content[0].logprobs.map(token => token.token), ['Hel', 'lo'])
  assert.deepEqual((await respond('no index')).output.map(item => [item.call_id, JSON.parse(item.arguments)]), calls)
  const { usage } = await respond('details of the usage')
  assert.deepEqual([usage.input_tokens_details, usage.output_tokens_details], [{ cached_tokens: 5 }, { reasoning_tokens: 2 }])
  assert.deepEqual((await respond('plain')).usage.input_tokens_details, {})
  const cut = await respond('finish reason max_tokens')
  assert.deepEqual([cut.status, cut.incomplete_details], ['incomplete', { reason: 'max_output_tokens' }])
})

for (const [name, open] of chats) {
  const ask = async input => {
    const chat = open(base, { id: randomUUID(), agent: 'relayed' })
    await send(chat, input)
    return chat
  }

  test(`${name}: sources, calls, signatures, usage and finish reason`, async () => {
    const cited = await ask('annotations')
    assert.equal(answer(cited), 'Hello')
    assert.deepEqual(cited.messages[1].parts.filter(part => part.type === 'source-url').map(part => part.url), sources)
    const called = (await ask('two indexes with one id')).messages[1].parts.filter(part => part.type === 'tool-look')
    assert.deepEqual(called.map(part => [part.state, part.input]), calls.map(([, input]) => ['input-available', input]))
    const [signed] = (await ask('a call with a signature')).messages[1].parts.filter(part => part.type === 'tool-look')
    assert.deepEqual(signed.callProviderMetadata, { upstream: { extra_content: { google: { thought_signature: 'c2ln' } } } })
    const { metadata } = (await ask('details of the usage')).messages[1]
    assert.deepEqual(metadata.usage, { inputTokens: 7, outputTokens: 3, totalTokens: 10, cachedInputTokens: 5, reasoningTokens: 2 })
    assert.equal((await ask('finish reason max_tokens')).messages[1].metadata.finishReason, 'length')
  })

  test(`${name}: reasoning keeps its details, a refusal is text, an error is the reason of the upstream`, async () => {
    const thought = await ask('details of the reasoning')
    assert.equal(thought.messages[1].parts.find(part => part.type === 'reasoning').providerMetadata.upstream.reasoning_details[0].signature, 'c2ln')
    assert.equal(answer(await ask('a refusal')), "I won't.")
    const failed = await ask('an error in the choice')
    assert.deepEqual([failed.status, failed.error.message], ['error', 'The model is out of memory.'])
  })
}

for (const [name, open] of chats) {
  test(`${name}: the next turn gives signatures back`, async () => {
    const ask = async input => {
      const chat = open(base, { id: randomUUID(), agent: 'relayed' })
      await send(chat, input)
      return chat
    }
    const text = chat => chat.messages.at(-1).parts.filter(part => part.type === 'text').at(-1).text
    const called = await ask('a call with a signature')
    const add = (called.addToolOutput ?? called.addToolResult).bind(called)
    await add({ tool: 'look', toolCallId: 'call_a', output: 'echo' })
    await called.sendMessage()
    assertSigned(text(called))
    const thought = await ask('details of the reasoning')
    await send(thought, 'echo')
    assertReasoned(text(thought))
  })
}

test('ag-ui: the next turn gives signatures back', async () => {
  const agent = connect('a call with a signature')
  await agent.runAgent()
  agent.addMessage({ id: 'r1', role: 'tool', toolCallId: 'call_a', content: 'echo' })
  assertSigned((await agent.runAgent()).newMessages[0].content)
  const thinker = connect('details of the reasoning')
  await thinker.runAgent()
  thinker.addMessage({ id: 'u2', role: 'user', content: 'echo' })
  assertReasoned((await thinker.runAgent()).newMessages[0].content)
})

test('ag-ui: calls, sources, usage and finish reason', async () => {
  const { newMessages, last } = await run('an id that is empty')
  const toolCalls = newMessages.flatMap(message => message.toolCalls)
  assert.deepEqual(toolCalls.map(call => JSON.parse(call.function.arguments)), calls.map(([, input]) => input))
  assert.equal(new Set(toolCalls.map(call => call.id)).size, 2)
  assert.deepEqual(last.metadata, { finishReason: 'tool_calls' })
  const cited = await run('annotations')
  assert.equal(cited.newMessages[0].content, 'Hello')
  assert.deepEqual(cited.events.filter(event => event.name === 'annotations').flatMap(event => event.value).map(annotation => annotation.url_citation.url), sources)
  assert.deepEqual((await run('details of the usage')).last.usage, [{ inputTokens: 7, outputTokens: 3, totalTokens: 10, cachedInputTokens: 5, reasoningTokens: 2 }])
  assert.deepEqual((await run('details of the reasoning')).newMessages[0].metadata.upstream.reasoning_details[0].signature, 'c2ln')
})
