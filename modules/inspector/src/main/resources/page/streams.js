// The list of streams: by prefix, a page at a time, looked at again while it can be seen.

import { age, byId, bytes, compact, count, element, repeatedly, say } from './page.js'
import { lookJson, typedPath } from './server.js'
import { isTokenInUse } from './token.js'

const EVERY_MILLIS = 3_000
const SEARCH_MILLIS = 150
const PAGE = 100
const NONE = 'There are no streams yet. POST an event to /stream/events?sessionId=demo, and one is here.'
const NONE_SO = 'No path begins so. Enter opens the stream of exactly this path.'
const NONE_TO_READ = 'There is no stream that this token may read.'
const NONE_HERE = 'This token may read none of these streams. There are more on the next page.'

export class StreamList {
  #list = byId('stream-list')
  #prefix = byId('prefix')
  #rows = new Map()
  #seen = new Map()
  #from = ''
  #next = ''
  #current = ''
  #look

  constructor(open) {
    let typed = 0
    this.#prefix.addEventListener('input', () => {
      clearTimeout(typed)
      this.#from = ''
      typed = setTimeout(() => this.#look(), SEARCH_MILLIS)
    })
    byId('search').addEventListener('submit', event => {
      event.preventDefault()
      const path = typedPath(this.#prefix.value)
      if (path) {
        open(path)
      }
    })
    byId('streams-more').addEventListener('click', () => this.#turn(this.#next))
    byId('streams-back').addEventListener('click', () => this.#turn(''))
    this.#look = repeatedly(EVERY_MILLIS, () => this.#ask())
  }

  #turn(from) {
    this.#from = from
    this.#look()
  }

  /** Marks the one that is open. */
  choose(path) {
    this.#current = path
    this.#rows.forEach((row, at) => row.mark(at === path))
  }

  async #ask() {
    const prefix = this.#prefix.value
    const query = new URLSearchParams({ limit: PAGE })
    if (prefix) {
      query.set('prefix', typedPath(prefix))
    }
    if (this.#from) {
      query.set('after', this.#from)
    }
    try {
      const { streams, after } = await lookJson(`/streams?${query}`)
      if (prefix === this.#prefix.value) {
        this.#show(streams, after ?? '')
      }
    } catch (refused) {
      say(byId('streams-note'), refused.message)
    }
  }

  #show(streams, after) {
    const now = performance.now()
    const rows = new Map()
    const seen = new Map()
    for (const stream of streams) {
      const row = this.#rows.get(stream.path) ?? new StreamRow(stream.path)
      row.show(stream, rate(this.#seen.get(stream.path), stream.events, now))
      row.mark(stream.path === this.#current)
      rows.set(stream.path, row)
      seen.set(stream.path, { events: stream.events, now })
    }
    this.#rows = rows
    this.#seen = seen
    this.#place([...rows.values()].map(row => row.item))
    this.#next = after
    byId('streams-more').hidden = after === ''
    byId('streams-back').hidden = this.#from === ''
    say(byId('streams-note'), streams.length > 0 ? '' : this.#none())
  }

  #none() {
    if (this.#next) {
      return NONE_HERE
    }
    return this.#prefix.value ? NONE_SO : isTokenInUse() ? NONE_TO_READ : NONE
  }

  // Where nothing came or went nothing is moved, or the focus would be lost every few seconds.
  #place(items) {
    const isSame = items.length === this.#list.childElementCount
        && items.every((item, i) => item === this.#list.children[i])
    if (!isSame) {
      const focused = document.activeElement
      this.#list.replaceChildren(...items)
      if (this.#list.contains(focused)) {
        focused.focus()
      }
    }
  }
}

function rate(before, events, now) {
  return before === undefined ? 0 : Math.max(0, (events - before.events) / (now - before.now) * 1_000)
}

class StreamRow {
  constructor(path) {
    this.figures = element('span', { className: 'figures' })
    this.live = element('span', { className: 'rate' })
    this.link = element('a', { href: `#/${path}` },
        element('span', { className: 'path' }, path), this.live, this.figures)
    this.item = element('li', {}, this.link)
  }

  show(stream, rate) {
    const parts = [`${count(stream.events)} ${stream.events === 1 ? 'event' : 'events'}`, bytes(stream.bytes),
      `${age(Date.parse(stream.createdAt))} old`]
    if (stream.followers > 0) {
      parts.push(`${count(stream.followers)} ${stream.followers === 1 ? 'follower' : 'followers'}`)
    }
    if (stream.closed) {
      parts.push('closed')
    }
    say(this.figures, parts.join(' · '))
    say(this.live, rate > 0 ? `${compact(rate)}/s` : '')
  }

  mark(isCurrent) {
    if (isCurrent) {
      this.link.setAttribute('aria-current', 'true')
    } else {
      this.link.removeAttribute('aria-current')
    }
  }
}
