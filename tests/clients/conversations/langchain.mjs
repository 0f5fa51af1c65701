import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { concat } from '@langchain/core/utils/stream'
import { ChatOpenAI } from '@langchain/openai'
import { image, question, results, schema, system, tool } from './conversation.mjs'

// A conversation of two turns with parallel tools, an image and a structured output.
const model = new ChatOpenAI({ model: 'm', apiKey: 'none', maxRetries: 0, configuration: { baseURL: process.env.BASE_URL } })
  .bindTools([tool], { parallel_tool_calls: true, response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } })

async function ask(messages) {
  let answer
  for await (const chunk of await model.stream(messages)) answer = answer ? concat(answer, chunk) : chunk
  return answer
}

const messages = [
  new SystemMessage(system),
  new HumanMessage({ content: [{ type: 'text', text: question }, { type: 'image_url', image_url: { url: image } }] }),
]
const called = await ask(messages)
const answer = await ask([...messages, called, ...called.tool_calls.map(({ id, args }) => new ToolMessage({ tool_call_id: id, content: results[args.city] }))])
console.log(answer.content)
