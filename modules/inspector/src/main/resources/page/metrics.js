// What the server counts, as lines: `/observe/metrics` in the text format of Prometheus, every two seconds.

import { Chart } from './chart.js'
import { byId, bytes, compact, repeatedly, say, seconds } from './page.js'
import { look } from './server.js'
import { tokens } from './token.js'

const EVERY_MILLIS = 2_000
const LOOKS_AFTER_UNKNOWN = 30
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/
const UNKNOWN = 'This server has no figures (GET /observe/metrics).'

const perSecond = value => `${compact(value)}/s`

// Each figure of what was counted since the last look, and of what is now.
const CHARTS = [
  ['Appends', perSecond, (grown, _, time) => grown('perennial_appends_total') / time],
  ['Deliveries', perSecond, (grown, _, time) => grown('perennial_delivered_events_total') / time],
  ['Appends per commit', compact, grown => grown('perennial_commit_appends_sum') / grown('perennial_commit_appends_count')],
  ['Commit time', seconds, grown => grown('perennial_commit_seconds_sum') / grown('perennial_commit_seconds_count')],
  ['Rejections', perSecond, (grown, _, time) => grown('perennial_append_rejections_total') / time],
  ['Followers', compact, (_, now) => now('perennial_followers')],
  ['Database', bytes, (_, now) => now('perennial_database_bytes')],
  ['Log (WAL)', bytes, (_, now) => now('perennial_wal_bytes')]
]

export class Figures {
  #charts = CHARTS.map(([name, unit]) => new Chart(name, unit))
  #last = null
  #skipped = 0

  constructor() {
    byId('charts').hidden = true
    byId('charts').append(...this.#charts.map(chart => chart.figure))
    tokens.addEventListener('changed', () => (this.#skipped = 0))
    repeatedly(EVERY_MILLIS, () => this.#ask())
  }

  async #ask() {
    if (this.#skipped > 0) {
      this.#skipped--
      return
    }
    try {
      this.#show(parse(await (await look('/observe/metrics')).text()), performance.now())
      say(byId('figures-note'), '')
    } catch (refused) {
      this.#last = null
      byId('charts').hidden ||= refused.status === 403
      this.#skipped = refused.status === 404 ? LOOKS_AFTER_UNKNOWN : 0
      say(byId('figures-note'), refused.status === 404 ? UNKNOWN : refused.message)
    }
  }

  #show(sums, at) {
    byId('charts').hidden = false
    const last = this.#last
    this.#last = { sums, at }
    if (!last) {
      return
    }
    const now = name => sums.get(name) ?? NaN
    // A server that was started again counts from nothing.
    const grown = name => Math.max(0, now(name) - (last.sums.get(name) ?? 0))
    CHARTS.forEach(([, , figure], i) => this.#charts[i].add(figure(grown, now, (at - last.at) / 1_000)))
  }
}

/** Each name with the sum of its samples, whatever their labels. */
function parse(text) {
  const sums = new Map()
  for (const line of text.split('\n')) {
    const sample = SAMPLE.exec(line)
    if (sample) {
      sums.set(sample[1], (sums.get(sample[1]) ?? 0) + Number(sample[2]))
    }
  }
  return sums
}
