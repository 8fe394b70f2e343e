// The public suite, against the server at PERENNIAL_URL.
import { runConformanceTests } from '@durable-streams/server-conformance-tests'

runConformanceTests({
  baseUrl: process.env.PERENNIAL_URL,
  longPollTimeoutMs: Number(process.env.PERENNIAL_LONG_POLL_WAIT_MILLIS),
  subscriptions: true,
})
