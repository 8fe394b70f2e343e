// Follows one stream over SSE, and comes back by itself.
//
// Every event has an id, the next offset: where to go on. A new connection begins at the last of them, so whatever ended
// the old one, nothing is lost and nothing comes twice: a restart, a pause, a token that was revoked.
//
// The stream is read event by event, as `{"offset", "event"}`, or `{"offset", "data"}` in base64 where it isn't JSON.

import { ask, eventsUrl, Refused } from './server.js'
import { EventReader } from './sse.js'
import { tokens } from './token.js'

const LEAST_WAIT_MILLIS = 100
const MOST_WAIT_MILLIS = 3_000
// A connection that lasted as long wasn't refused.
const LASTED_MILLIS = 5_000

export class Follower {
  #path
  #heard
  #position
  #asked = null
  #timer = 0
  #wait = LEAST_WAIT_MILLIS
  #running = false
  #closed = false
  #isForbidden = false
  #state = ''

  /**
   * @param from where to begin: `-1`, `now`, `last:N`, an offset or a moment
   * @param heard `event(json)` with each event as the server wrote it; `state(name, detail)`, the name being one of
   *     connecting, reading, live, away, locked, held, closed, refused
   */
  constructor(path, from, heard) {
    this.#path = path
    this.#position = from
    this.#heard = heard
    this.onVisibility = () => (document.hidden ? this.#disconnect() : this.#connectIfRunning())
    document.addEventListener('visibilitychange', this.onVisibility)
    this.onToken = () => this.#goOnAsSomeoneElse()
    tokens.addEventListener('changed', this.onToken)
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
    this.#isForbidden = false
    this.#disconnect()
    this.#tell('held', detail)
  }

  end() {
    this.#running = false
    this.#closed = true
    this.#disconnect()
    document.removeEventListener('visibilitychange', this.onVisibility)
    tokens.removeEventListener('changed', this.onToken)
  }

  // A connection that is made anew at once, and the attempts while the server is away, are no news to a person.
  #tell(name, detail = '') {
    const isNoise = (name === 'connecting' && ['live', 'away', 'locked'].includes(this.#state))
        || (name === 'reading' && this.#state === 'live')
    if (!isNoise) {
      this.#state = name
      this.#heard.state(name, detail)
    }
  }

  #disconnect() {
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.#asked = null
  }

  // What the one before saw doesn't count: whoever it is now reads on their own account, or is refused.
  #goOnAsSomeoneElse() {
    this.#running ||= this.#isForbidden
    this.#disconnect()
    this.#connectIfRunning()
  }

  async #connectIfRunning() {
    // Browsers have six connections for all their pages of one server: what nobody sees leaves them to others.
    if (!this.#running || document.hidden || this.#asked) {
      return
    }
    this.#tell('connecting')
    this.#isForbidden = false
    const asked = new AbortController()
    this.#asked = asked
    let openedAt = 0
    let failure
    try {
      const answer = await ask(`${eventsUrl(this.#path, this.#position)}&live=true`, {
        signal: asked.signal,
        waits: () => asked === this.#asked && this.#tell('locked')
      })
      openedAt = performance.now()
      this.#tell('reading')
      await new EventReader(event => this.#event(asked, event)).read(answer.body)
    } catch (thrown) {
      failure = thrown
    }
    if (asked === this.#asked) {
      this.#ended(failure, openedAt)
    }
  }

  // Of a connection that was given up, whatever is left of a piece that came is given up, too.
  #event(asked, { type, data, id }) {
    if (asked !== this.#asked) {
      return
    }
    if (type === 'message') {
      this.#position = id
      this.#heard.event(data)
    } else if (type === 'catch-up-complete') {
      // At the tail an offset takes the place of `now` or `last:N`, which would be another place after a break.
      this.#wait = LEAST_WAIT_MILLIS
      this.#position = id
      this.#tell('live')
    } else if (type === 'closed') {
      this.end()
      this.#tell('closed')
    }
  }

  #ended(failure, openedAt) {
    this.#disconnect()
    if (failure instanceof Refused) {
      const isForNow = failure.isAway || failure.status >= 500
      this.#tell(isForNow ? 'away' : 'refused', failure.message)
      if (!isForNow) {
        this.#running = false
        // A server may hide what it forbids.
        this.#isForbidden = failure.status === 403 || failure.status === 404
        this.#earliest(failure)
        return
      }
    } else if (failure) {
      // A fault of ours, and no reason to see nothing of the events after it.
      reportError(failure)
    }
    if (openedAt && performance.now() - openedAt > LASTED_MILLIS) {
      this.#wait = LEAST_WAIT_MILLIS
    }
    this.#timer = setTimeout(() => this.#connectIfRunning(), this.#wait)
    this.#wait = Math.min(MOST_WAIT_MILLIS, this.#wait * 2)
  }

  // Where retention has gone past the reader, Space goes on at what is left.
  #earliest(refused) {
    const earliest = refused.headers.get('Stream-Earliest-Offset')
    if (earliest) {
      this.#position = earliest
    }
  }
}
