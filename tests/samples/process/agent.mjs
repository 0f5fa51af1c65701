// An agent as a program: the request comes on standard input, plain lines are the answer, JSON lines are events.
import { readFileSync, writeFileSync } from 'node:fs'

const { input } = JSON.parse(readFileSync(0, 'utf8'))
const text = typeof input === 'string' ? input : input.at(-1).content
console.log(JSON.stringify({ event_type: 'thought', content: 'Thinking.' }))
for (const word of text.split(' ')) console.log(word.toUpperCase())
writeFileSync('out/answer.txt', text.toUpperCase())
