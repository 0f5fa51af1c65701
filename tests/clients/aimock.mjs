// A model server for the tests: `node aimock.mjs FAULT` prints its address. What it plays depends on the fault asked for.
import { LLMock } from '@copilotkit/aimock'

const fault = process.argv[2]
const outline = JSON.stringify({ title: 'MySQL in a day', chapters: [{ title: 'Tables 😀', sections: ['Rows', 'Keys'] }, { title: 'Queries', sections: ['Select'] }] })
const plans = { fenced: `Sure!\n\`\`\`json\n${outline}\n\`\`\``, 'bad-outline': 'I would rather not.', empty: ' ' }
const chapter = { content: 'A paragraph about it, with **bold** words. '.repeat(5) }
const failure = (status, retryAfter) => ({ error: { message: 'no', type: 'server_error', code: 'no' }, status, retryAfter })

const chaos = { malformed: { malformedRate: 1 }, dropped: { disconnectRate: 1 } }

const mock = new LLMock({ port: 0, host: '127.0.0.1', chaos: chaos[fault] })
if (fault === '429-once') mock.on({ userMessage: 'Plan a tutorial', sequenceIndex: 0 }, failure(429, 1))
mock.on({ userMessage: 'Plan a tutorial' }, fault === '401' ? failure(401) : fault === '500' ? failure(500) : fault === '429' ? failure(429, 1) : { content: plans[fault] ?? outline },
  fault === 'cut-plan' ? { truncateAfterChunks: 3, chunkSize: 10, latency: 20 } : fault === 'slow-plan' ? { latency: 5000 } : {})
mock.on({ userMessage: 'cannot be used' }, { content: plans[fault] ?? outline })
mock.on({ userMessage: 'You were interrupted' }, chapter)
mock.on({ userMessage: 'Write the chapter' }, chapter,
  fault === 'paced' ? { latency: 100, chunkSize: 10 } : fault === 'cut' ? { truncateAfterChunks: 5, chunkSize: 10, latency: 50 } : fault === 'slow' ? { latency: 3000, chunkSize: 10 } : { chunkSize: 10 })
console.log(await mock.start())
process.stdin.resume().on('end', () => process.exit())
