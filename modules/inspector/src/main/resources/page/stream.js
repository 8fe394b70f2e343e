// The stream that is open: where it is read from, its state, its facts, and what is appended to it.

import { EventRows } from './events.js'
import { Follower } from './follower.js'
import { age, byId, bytes, clockTime, copy, count, element, repeatedly, say } from './page.js'
import { ask, lookJson, positionQuery, streamUrl } from './server.js'
import { isTokenInUse, tokens } from './token.js'
import { isUlid, timeOf } from './ulid.js'

export const FIRST_POSITION = 'last:100'

const FACTS_MILLIS = 3_000
const STATES = {
  connecting: 'Connecting…',
  reading: 'Catching up…',
  live: 'Live: events appear as they are committed.',
  away: 'The server is away. Coming back by itself…',
  locked: 'Waiting for a token. With it everything goes on from here.',
  held: 'Paused.',
  closed: 'The stream is closed; nothing comes any more.',
  refused: 'The server refuses: '
}

export class OpenStream {
  #rows = new EventRows(
      () => this.#follower?.hold('Enough to read: scroll on, or press Space for the newest.'),
      () => this.#follower?.start())
  #follower = null
  #path = ''
  #type = ''

  constructor() {
    byId('pause').addEventListener('click', () => this.pauseOrGoOn())
    byId('copy-curl').addEventListener('click', () => this.copyCurl())
    byId('append-form').addEventListener('submit', event => this.#append(event))
    byId('event').addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        byId('append-form').requestSubmit()
      }
    })
    tokens.addEventListener('changed', () => this.#showCurl())
    repeatedly(FACTS_MILLIS, () => this.#describe())
  }

  get path() {
    return this.#path
  }

  /** Opens a stream, or the same one elsewhere. */
  open(path, from) {
    this.#follower?.end()
    this.#follower = null
    const isAnother = path !== this.#path
    this.#path = path
    say(byId('stream-title'), path || 'No stream is open')
    byId('stream-hint').hidden = path !== ''
    byId('stream-open').hidden = path === ''
    if (path === '') {
      return
    }
    if (isAnother) {
      byId('facts').replaceChildren()
      this.#type = ''
      byId('appended').textContent = ''
    }
    this.#describe()
    this.#follow(from)
  }

  #follow(from) {
    const isFromTheEnd = from === 'now' || from.startsWith('last:')
    this.#rows.reset(isFromTheEnd)
    this.#follower = new Follower(this.#path, from, {
      event: json => this.#rows.add(json),
      state: (name, detail) => this.#state(name, detail)
    })
    this.#follower.start()
    this.#showCurl()
  }

  pauseOrGoOn() {
    if (!this.#follower) {
      return
    }
    if (this.#follower.isRunning) {
      this.#follower.hold()
    } else {
      this.#rows.follow()
      this.#follower.start()
    }
  }

  /** Someone looks at a row. */
  read() {
    this.#rows.read()
  }

  #state(name, detail) {
    if (name === 'live') {
      this.#rows.caughtUp()
    }
    const isPaused = name === 'held' || name === 'refused'
    byId('state').dataset.state = name
    const at = name === 'held' && isUlid(this.#follower.position) ? ` It goes on at ${this.#follower.position}.` : ''
    say(byId('state'), name === 'held' && detail ? detail : STATES[name] + (name === 'refused' ? detail : at))
    say(byId('pause'), isPaused ? 'Go on' : 'Pause')
    byId('pause').disabled = name === 'closed'
    this.#showCurl()
  }

  #curl() {
    const position = this.#follower?.position ?? '-1'
    const url = `${location.origin}${streamUrl(this.#path)}?live=sse&${positionQuery(position)}`
    // The command may go anywhere that text is kept: whoever runs it has a token of their own.
    const token = isTokenInUse() ? '-H "Authorization: Bearer $TOKEN" ' : ''
    return `curl -N ${token}'${url.replaceAll('\'', '\'\\\'\'')}'`
  }

  #showCurl() {
    say(byId('curl'), this.#curl())
  }

  copyCurl() {
    if (this.#path) {
      this.#showCurl()
      copy(this.#curl())
    }
  }

  async #append(event) {
    event.preventDefault()
    const said = byId('appended')
    try {
      const answer = await ask(streamUrl(this.#path), {
        method: 'POST',
        headers: { 'Content-Type': this.#type || 'application/json' },
        body: byId('event').value
      })
      said.textContent = `Stored. The next offset is ${answer.headers.get('Stream-Next-Offset')}.`
    } catch (refused) {
      said.textContent = refused.message
    }
  }

  async #describe() {
    const path = this.#path
    if (!path) {
      return
    }
    try {
      const facts = await lookJson(`/streams/${path}`)
      if (path === this.#path) {
        this.#type = facts.contentType
        say(byId('facts-note'), '')
        say(byId('event-label'), `Event, as ${facts.contentType}`)
        showFacts(facts)
      }
    } catch (refused) {
      say(byId('facts-note'), refused.message)
    }
  }
}

function showFacts(facts) {
  const rows = []
  const row = (name, ...value) => value[0] !== undefined && value[0] !== null
      && rows.push(element('dt', {}, name), element('dd', {}, ...value))
  row('content type', facts.contentType)
  row('created', facts.createdAt && `${clockTime(Date.parse(facts.createdAt))}, ${age(Date.parse(facts.createdAt))} ago`)
  row('earliest', facts.earliest)
  row('next offset', facts.next)
  row('last event', lastEvent(facts))
  row('events', facts.events !== undefined ? count(facts.events) : undefined)
  row('size', facts.bytes !== undefined ? bytes(facts.bytes) : undefined)
  row('followers', facts.followers !== undefined ? count(facts.followers) : undefined)
  row('closed', facts.closed === undefined ? undefined : facts.closed ? 'yes' : 'no')
  row('lives', facts.ttlSeconds !== undefined ? `${count(facts.ttlSeconds)} s after its last use` : undefined)
  row('expires', facts.expiresAt)
  row('keeps', retention(facts.retention))
  if (facts.source) {
    row('forked from', link(facts.source.path), ` at ${facts.source.offset}`)
  }
  if (facts.forks?.length) {
    row('forks', ...facts.forks.flatMap(path => [link(path), ' ']))
  }
  byId('facts').replaceChildren(...rows)
  showProducers(facts.producers ?? [])
}

function lastEvent({ events, next }) {
  return events > 0 && isUlid(next) ? `${age(timeOf(next))} ago` : undefined
}

function retention(bounds) {
  if (!bounds) {
    return undefined
  }
  const parts = []
  if (bounds.ageSeconds !== undefined) {
    parts.push(`${count(bounds.ageSeconds)} s`)
  }
  if (bounds.bytes !== undefined) {
    parts.push(bytes(bounds.bytes))
  }
  if (bounds.events !== undefined) {
    parts.push(`${count(bounds.events)} events`)
  }
  return parts.length ? `at most ${parts.join(', ')}` : undefined
}

function link(path) {
  return element('a', { href: `#/${path}` }, path)
}

function showProducers(producers) {
  byId('producers').hidden = producers.length === 0
  byId('producers').tBodies[0].replaceChildren(...producers.map(({ id, epoch, seq }) =>
    element('tr', {}, element('td', {}, id), element('td', {}, String(epoch)), element('td', {}, String(seq)))))
}
