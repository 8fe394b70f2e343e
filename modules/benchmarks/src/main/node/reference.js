// The protocol's reference server on any free port of loopback: in memory, or in the directory that is given.
import { DurableStreamTestServer } from '@durable-streams/server'

const [dataDir] = process.argv.slice(2)
const server = new DurableStreamTestServer({ port: 0, host: '127.0.0.1', dataDir })
console.log(`The reference is listening on ${await server.start()}`)
