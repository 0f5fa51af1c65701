// What every client says in its conversation. The server of models calls the tool for both cities, then answers with the schema.
export const system = 'Be brief.'
export const question = 'Where is this, and what is the weather? 😀'
export const image = 'data:image/png;base64,iVBORw0KGgo='
export const results = { Rome: '21', Oslo: '9' }
export const schema = { type: 'object', properties: { warmest: { type: 'string' } }, required: ['warmest'], additionalProperties: false }
export const tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
    strict: true,
  },
}
