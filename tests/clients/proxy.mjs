import net from 'node:net'

/** A TCP proxy in front of `target` that resets each connection after `bytes` bytes of answer. */
export function cuttingProxy(target, bytes) {
  const { hostname, port } = new URL(target)
  const server = net.createServer(client => {
    const upstream = net.connect(Number(port), hostname)
    let left = bytes
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => client.destroy()).on('end', () => client.end())
    client.on('data', data => upstream.write(data))
    upstream.on('data', data => {
      client.write(data.subarray(0, left), () => { if (left <= 0) client.resetAndDestroy() })
      left -= data.length
    })
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
  })))
}
