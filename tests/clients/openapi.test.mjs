// The API document, as tools of others read it: a linter, and the makers of clients.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const base = process.env.BASE_URL
const document = `${base}/openapi/v1.json`
const source = path.join(import.meta.dirname, 'openapi')

// Beside the packages, so that the client finds them.
const folder = path.join(import.meta.dirname, 'node_modules', '.openapi')

async function run(tool, ...args) {
  try {
    return await promisify(execFile)('npx', ['--no-install', tool, ...args], { cwd: folder })
  } catch (error) {
    throw new Error(`${tool} ${args.join(' ')}:\n${error.stdout}${error.stderr}`)
  }
}

test.before(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const file of ['client.ts', 'tsconfig.json', 'redocly.yaml'])
    await copyFile(path.join(source, file), path.join(folder, file))
})

test('a linter finds neither errors nor warnings', async () => {
  const { stderr } = await run('redocly', 'lint', document, '--config', 'redocly.yaml')
  assert.doesNotMatch(stderr, /warning/i)
})

test('a client made from it compiles, and reads what the server writes', async () => {
  await run('openapi-typescript', document, '--output', 'api.d.ts')
  await run('tsc', '--project', 'tsconfig.json')
  await promisify(execFile)('node', ['client.js'], { cwd: folder, env: { ...process.env, BASE_URL: base } })
})
