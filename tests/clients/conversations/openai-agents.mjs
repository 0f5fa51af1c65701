import { Agent, run, setDefaultOpenAIClient, setOpenAIAPI, setTracingDisabled, tool } from '@openai/agents'
import OpenAI from 'openai'
import { image, question, results, schema, system, tool as definition } from './conversation.mjs'

// A conversation of two turns with parallel tools, an image and a structured output.
setDefaultOpenAIClient(new OpenAI({ baseURL: process.env.BASE_URL, apiKey: 'none', maxRetries: 0 }))
setOpenAIAPI('chat_completions')
setTracingDisabled(true)
const { name, description, parameters } = definition.function
const agent = new Agent({
  name: 'answerer',
  model: 'm',
  instructions: system,
  modelSettings: { parallelToolCalls: true },
  tools: [tool({ name, description, parameters, strict: true, execute: ({ city }) => results[city] })],
  outputType: { type: 'json_schema', name: 'answer', schema, strict: true },
})
const answer = await run(agent, [{ role: 'user', content: [{ type: 'input_text', text: question }, { type: 'input_image', image }] }], { stream: true })
await answer.completed
console.log(JSON.stringify(answer.finalOutput))
