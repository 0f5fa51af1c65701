// An agent that runs anywhere: takes a task's id, pushes lines for as long as it speaks.
const url = `${process.env.STREAMRELAY_URL}/v1/tasks/${process.argv[2]}/events`
const headers = { 'content-type': 'application/x-ndjson' }
if (process.env.STREAMRELAY_KEY) headers.authorization = `Bearer ${process.env.STREAMRELAY_KEY}`

async function* speak() {
  const line = event => new TextEncoder().encode(JSON.stringify(event) + '\n')
  yield line({ event_type: 'thought', content: 'Counting.' })
  for (const number of [1, 2, 3]) yield line({ event_type: 'output', content: `${number} ` })
  yield line({ event_type: 'end' })
}

const answer = await fetch(url, { method: 'POST', headers, body: ReadableStream.from(speak()), duplex: 'half' })
if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
