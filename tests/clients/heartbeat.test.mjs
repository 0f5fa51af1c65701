import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpAgent } from '@ag-ui/client'
import Anthropic from '@anthropic-ai/sdk'
import { EventSource } from 'eventsource'
import OpenAI from 'openai'
import { answer, chats, send } from './chats.mjs'

// A server whose heartbeats come several times between two events.
const base = process.env.BASE_URL
const input = 'count 5 300'
const text = 't1 t2 t3 t4 t5 '
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', fetch: fetchCounting, maxRetries: 0 })
let heartbeats = 0

/** Counts the heartbeats that a client is sent. */
async function fetchCounting(url, init) {
  const { body, status, headers } = await fetch(url, init)
  const decoder = new TextDecoder()
  let line = ''
  return new Response(body.pipeThrough(new TransformStream({
    transform(bytes, out) {
      line += decoder.decode(bytes, { stream: true })
      const lines = line.split('\n')
      line = lines.pop()
      heartbeats += lines.filter(line => line.startsWith(':')).length
      out.enqueue(bytes)
    },
  })), { status, headers })
}

const client = (name, read) => test(`${name} reads over heartbeats`, async () => {
  heartbeats = 0
  assert.equal(await read(), text)
  assert.ok(heartbeats >= 5, `${heartbeats} heartbeats`)
})

client('openai, chat completions', async () => {
  let said = ''
  for await (const chunk of await openai.chat.completions.create({ model: 'probe', messages: [{ role: 'user', content: input }], stream: true })) said += chunk.choices[0]?.delta?.content ?? ''
  return said
})

client('openai, the stream helper of chat completions', async () =>
  (await openai.chat.completions.stream({ model: 'probe', messages: [{ role: 'user', content: input }] }).finalChatCompletion()).choices[0].message.content)

client('openai, responses', async () => {
  let said = ''
  for await (const event of await openai.responses.create({ model: 'probe', input, stream: true })) said += event.type === 'response.output_text.delta' ? event.delta : ''
  return said
})

client('openai, the stream helper of responses', async () => (await openai.responses.stream({ model: 'probe', input }).finalResponse()).output_text)

client('anthropic, the stream helper of messages', async () => {
  const anthropic = new Anthropic({ baseURL: base, apiKey: 'none', fetch: fetchCounting, maxRetries: 0 })
  return anthropic.messages.stream({ model: 'probe', max_tokens: 100, messages: [{ role: 'user', content: input }] }).finalText()
})

for (const [name, open] of chats) {
  client(name, async () => {
    const chat = open(base, { fetch: fetchCounting })
    await send(chat, input)
    assert.equal(chat.status, 'ready')
    return answer(chat)
  })
}

client('ag-ui', async () => {
  const agent = new HttpAgent({ url: `${base}/ag-ui/probe`, initialMessages: [{ id: 'u1', role: 'user', content: input }], fetch: fetchCounting })
  return (await agent.runAgent()).newMessages[0].content
})

client('eventsource', async () => {
  const { id } = await (await fetch(`${base}/v1/tasks`, { method: 'POST', body: JSON.stringify({ agent: 'probe', input }) })).json()
  return new Promise((resolve, reject) => {
    let said = ''
    const events = new EventSource(`${base}/v1/tasks/${id}/events`, { fetch: fetchCounting })
    events.onerror = error => reject(new Error(error.message))
    events.onmessage = ({ data }) => {
      const event = JSON.parse(data)
      if (event.event_type === 'output') said += event.content
      if (event.type !== 'connection_end') return
      events.close()
      resolve(said)
    }
  })
})
