// One thing done with the official client: node official-client.js COMMAND STREAM-URL [ARGUMENT...]
// What it read comes out as lines of {"events", "offset", "upToDate"}, offset being where to go on. The events of a
// stream are numbers; FROM and TO, exclusive, say which.
import { DurableStream, IdempotentProducer, stream } from '@durable-streams/client'

const contentType = 'application/json'
const [command, url, ...commandArguments] = process.argv.slice(2)

const commands = {
  async create() {
    await DurableStream.create({ url, contentType })
  },

  // All at once, so that the client makes batches of them.
  async append(from, to) {
    const handle = new DurableStream({ url, contentType })
    await Promise.all(numbers(from, to).map((number) => handle.append(number)))
  },

  async read(offset) {
    // Not live: false, which takes the first page for all there is.
    const response = await stream({ url, offset, live: 'long-poll' })
    const events = await response.json()
    say({ events, offset: response.offset, upToDate: response.upToDate })
  },

  // Until it is killed, or the connection breaks in a way that the client leaves to its user.
  async follow(offset, live) {
    const response = await stream({ url, offset, live })
    response.subscribeJson(({ items, offset, upToDate }) => say({ events: items, offset, upToDate }))
    await response.closed
  },

  // In batches of a few events, several of them on their way at a time.
  async produce(from, to, producerId) {
    const failures = []
    const producer = new IdempotentProducer(new DurableStream({ url, contentType }), producerId, {
      fetch: insistentFetch,
      maxBatchBytes: 32,
      onError: (error) => failures.push(error),
    })
    numbers(from, to).forEach((number) => producer.append(number))
    await producer.flush()
    await producer.detach()
    if (failures.length > 0) {
      throw new AggregateError(failures, 'not produced')
    }
  },
}

function numbers(from, to) {
  return Array.from({ length: to - from }, (_, i) => String(Number(from) + i))
}

// The producer numbers its batches so that they can be repeated, and leaves the repeating to the fetch it is given.
async function insistentFetch(...request) {
  for (let triesLeft = 20; ; triesLeft--) {
    try {
      return await fetch(...request)
    } catch (noAnswer) {
      if (triesLeft === 0) {
        throw noAnswer
      }
    }
  }
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

await commands[command](...commandArguments)
