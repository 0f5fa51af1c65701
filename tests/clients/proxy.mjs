import net from 'node:net'

/** A TCP proxy in front of `target` that resets its connections when it is told to. */
export const resettingProxy = target => start(target, () => () => undefined)

/** A TCP proxy in front of `target` that resets each connection after `bytes` bytes of answer. */
export const cuttingProxy = (target, bytes) => start(target, () => {
  let left = bytes
  return data => {
    const cut = left <= data.length ? left : undefined
    left -= data.length
    return cut
  }
})

/** A TCP proxy in front of `target` that resets each connection after `frames` frames of server-sent events. */
export const frameCuttingProxy = (target, frames) => start(target, () => {
  let left = frames
  let last
  return data => {
    for (const [index, byte] of data.entries()) {
      if (byte === 10 && last === 10 && --left === 0) return index + 1
      last = byte
    }
  }
})

/** `cutter` gives, for each connection, the function that says where in a piece of its answer the reset comes, if it does. */
async function start(target, cutter) {
  const { hostname, port } = new URL(target)
  const clients = new Set()
  let connections = 0
  const server = net.createServer(client => {
    const cutAt = cutter()
    connections++
    clients.add(client)
    const upstream = net.connect(Number(port), hostname)
    client.on('error', () => upstream.destroy()).on('close', () => {
      clients.delete(client)
      upstream.destroy()
    })
    upstream.on('error', () => client.destroy()).on('end', () => client.end())
    client.on('data', data => upstream.write(data))
    upstream.on('data', data => {
      const cut = cutAt(data)
      if (cut === undefined) {
        client.write(data)
      } else {
        upstream.removeAllListeners('data').resume()
        client.write(data.subarray(0, cut), () => client.resetAndDestroy())
      }
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    connections: () => connections,
    reset: () => {
      for (const client of clients) client.resetAndDestroy()
    },
    close: () => {
      server.close()
      for (const client of clients) client.destroy()
    },
  }
}
