import Anthropic from '@anthropic-ai/sdk'
import { image, question, results, schema, system, tool } from './conversation.mjs'

// A conversation of two turns with thinking, parallel tools, an image and a structured output.
const anthropic = new Anthropic({ baseURL: process.env.BASE_URL.replace(/\/v1$/, ''), apiKey: 'none', maxRetries: 0 })
const { name, description, parameters } = tool.function
const [, media_type, data] = image.match(/^data:(.*);base64,(.*)$/)
const asked = { role: 'user', content: [{ type: 'text', text: question }, { type: 'image', source: { type: 'base64', media_type, data } }] }

const ask = (...messages) => anthropic.messages.stream({
  model: 'm',
  max_tokens: 2000,
  system,
  thinking: { type: 'enabled', budget_tokens: 1024 },
  tools: [{ name, description, input_schema: parameters }],
  tool_choice: { type: 'auto' },
  output_config: { format: { type: 'json_schema', schema } },
  messages,
}).finalMessage()

const { content } = await ask(asked)
const called = content.filter(block => block.type === 'tool_use').map(({ id, input }) => ({ type: 'tool_result', tool_use_id: id, content: results[input.city] }))
const answer = await ask(asked, { role: 'assistant', content }, { role: 'user', content: called })
console.log(answer.content.find(block => block.type === 'text').text)
