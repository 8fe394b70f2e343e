// Follows one stream over SSE, and comes back by itself.
//
// Every event has an id, the next offset: where to go on. A new connection begins at the last of them, so whatever ended
// the old one, nothing is lost and nothing comes twice. The browser's own way of coming back isn't used: it doesn't say
// why it was refused, gives up where it was, and waits for seconds where it wasn't.
//
// The stream is read event by event, as `{"offset", "event"}`, or `{"offset", "data"}` in base64 where it isn't JSON.

import { ask, eventsUrl, Refused } from './server.js'

const LEAST_WAIT_MILLIS = 100
const MOST_WAIT_MILLIS = 3_000
// A connection that lasted as long wasn't refused.
const LASTED_MILLIS = 5_000

export class Follower {
  #path
  #heard
  #position
  #source = null
  #timer = 0
  #wait = LEAST_WAIT_MILLIS
  #running = false
  #closed = false
  #state = ''

  /**
   * @param from where to begin: `-1`, `now`, `last:N`, an offset or a moment
   * @param heard `event(json)` with each event as the server wrote it; `state(name, detail)`, the name being one of
   *     connecting, reading, live, away, held, closed, refused
   */
  constructor(path, from, heard) {
    this.#path = path
    this.#position = from
    this.#heard = heard
    this.onVisibility = () => (document.hidden ? this.#disconnect() : this.#connectIfRunning())
    document.addEventListener('visibilitychange', this.onVisibility)
  }

  /** Where it would go on. */
  get position() {
    return this.#position
  }

  get isRunning() {
    return this.#running
  }

  start() {
    if (!this.#running && !this.#closed) {
      this.#running = true
      this.#connectIfRunning()
    }
  }

  /** Stops where it is. What comes meanwhile is kept by the server, and not by the page. */
  hold(detail = '') {
    this.#running = false
    this.#disconnect()
    this.#tell('held', detail)
  }

  end() {
    this.#running = false
    this.#closed = true
    this.#disconnect()
    document.removeEventListener('visibilitychange', this.onVisibility)
  }

  // A connection that is made anew at once, and the attempts while the server is away, are no news to a person.
  #tell(name, detail = '') {
    const isNoise = (name === 'connecting' && ['live', 'away'].includes(this.#state))
        || (name === 'reading' && this.#state === 'live')
    if (!isNoise) {
      this.#state = name
      this.#heard.state(name, detail)
    }
  }

  #disconnect() {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  #connectIfRunning() {
    // Browsers have six connections for all their pages of one server: what nobody sees leaves them to others.
    if (!this.#running || document.hidden || this.#source) {
      return
    }
    this.#tell('connecting')
    const source = new EventSource(`${eventsUrl(this.#path, this.#position)}&live=true`)
    this.#source = source
    let openedAt = 0
    source.onopen = () => {
      openedAt = performance.now()
      this.#tell('reading')
    }
    source.onmessage = message => this.#event(source, message)
    source.addEventListener('catch-up-complete', message => this.#caughtUp(source, JSON.parse(message.data)))
    source.addEventListener('closed', () => this.#over(source))
    source.onerror = () => this.#ended(source, openedAt)
  }

  #event(source, message) {
    if (source === this.#source) {
      this.#position = message.lastEventId
      this.#heard.event(message.data)
    }
  }

  // At the tail an offset takes the place of `now` or `last:N`, which would be another place after a break.
  #caughtUp(source, { offset }) {
    if (source === this.#source) {
      this.#wait = LEAST_WAIT_MILLIS
      this.#position = offset
      this.#tell('live')
    }
  }

  #over(source) {
    if (source === this.#source) {
      this.end()
      this.#tell('closed')
    }
  }

  async #ended(source, openedAt) {
    if (source !== this.#source) {
      return
    }
    this.#disconnect()
    if (!openedAt && !(await this.#isWelcome())) {
      return
    }
    if (openedAt && performance.now() - openedAt > LASTED_MILLIS) {
      this.#wait = LEAST_WAIT_MILLIS
    }
    this.#timer = setTimeout(() => this.#connectIfRunning(), this.#wait)
    this.#wait = Math.min(MOST_WAIT_MILLIS, this.#wait * 2)
  }

  // An EventSource doesn't tell why it was refused. The same read, once more, does.
  async #isWelcome() {
    const asked = new AbortController()
    try {
      await ask(eventsUrl(this.#path, this.#position), { signal: asked.signal })
    } catch (refused) {
      if (!this.#running) {
        return false
      }
      const isForNow = !(refused instanceof Refused) || refused.isAway || refused.status >= 500
      this.#tell(isForNow ? 'away' : 'refused', refused.message)
      if (!isForNow) {
        this.#running = false
        this.#earliest(refused)
      }
      return isForNow
    } finally {
      // Its body is of no interest.
      asked.abort()
    }
    return this.#running
  }

  // Where retention has gone past the reader, Space goes on at what is left.
  #earliest(refused) {
    const earliest = refused.headers.get('Stream-Earliest-Offset')
    if (earliest) {
      this.#position = earliest
    }
  }
}
