// Serves the page. The page talks to StreamRelay itself, across origins: StreamRelay:Auth:Origins has to name this one.
import { createServer } from 'node:http'
import path from 'node:path'
import { build } from 'esbuild'

const port = Number(process.env.PORT ?? 5173)
const relay = process.env.RELAY_URL ?? 'http://127.0.0.1:7860'
const agent = process.env.AGENT ?? 'write_tutorial'

const { outputFiles: [script] } = await build({
  entryPoints: [path.join(import.meta.dirname, 'main.jsx')],
  bundle: true,
  write: false,
  jsx: 'automatic',
  define: { CHAT_URL: JSON.stringify(`${relay}/api/chat`), AGENT: JSON.stringify(agent), 'process.env.NODE_ENV': '"production"' },
})
const page = '<!doctype html><html lang="en"><title>Chat</title><div id="root"></div><script type="module" src="/main.js"></script></html>'

createServer((request, response) => {
  const [type, body] = request.url === '/' ? ['text/html', page] : request.url === '/main.js' ? ['text/javascript', script.text] : []
  response.writeHead(body ? 200 : 404, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` })
  response.end(body ?? 'There is no such page.')
}).listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
