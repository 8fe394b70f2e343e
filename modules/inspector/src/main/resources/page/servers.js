// The servers of the registry: asked for again whenever its stream says something, and now and then for their age.

import { Follower } from './follower.js'
import { age, byId, element, repeatedly, say } from './page.js'
import { lookJson } from './server.js'
import { isTokenInUse } from './token.js'

const EVERY_MILLIS = 5_000
const TICK_MILLIS = 1_000
// Heartbeats come every 15 s, and a lease ends after 30.
const LATE_MILLIS = 20_000
const REMEMBERED_MILLIS = 120_000
const REGISTRY = '__registry__'
const SERVERS = 'server.'
const NONE = 'No server is registered.'
// The list doesn't tell which ones it leaves out.
const NONE_TO_SEE = 'There is no server that this token may see.'
const GONE = { 'server.left': 'left', 'server.expired': 'expired' }

export class ServerList {
  #list = byId('server-list')
  #live = []
  #gone = new Map()
  #look = repeatedly(EVERY_MILLIS, () => this.#ask())

  constructor() {
    repeatedly(TICK_MILLIS, () => this.#show())
    new Follower(REGISTRY, 'now', {
      event: json => this.#heard(JSON.parse(json).event),
      state: () => {}
    }).start()
  }

  #heard({ type, properties }) {
    if (!type.startsWith(SERVERS)) {
      return
    }
    const state = GONE[type]
    if (state) {
      this.#gone.set(properties.id, { ...properties, state, at: Date.now() })
    }
    this.#look()
  }

  async #ask() {
    try {
      this.#live = await lookJson('/servers')
      this.#live.forEach(server => this.#gone.delete(server.id))
      say(byId('servers-note'), this.#live.length > 0 ? '' : isTokenInUse() ? NONE_TO_SEE : NONE)
    } catch (refused) {
      say(byId('servers-note'), refused.message)
    }
    this.#show()
  }

  #show() {
    const now = Date.now()
    for (const [id, server] of this.#gone) {
      if (now - server.at > REMEMBERED_MILLIS) {
        this.#gone.delete(id)
      }
    }
    const live = this.#live.map(server => shown(server, now - server.lastHeartbeat > LATE_MILLIS ? 'late' : 'live',
        `heartbeat ${age(server.lastHeartbeat, now)} ago`))
    const gone = [...this.#gone.values()].map(server => shown(server, server.state, `${age(server.at, now)} ago`))
    this.#list.replaceChildren(...live, ...gone)
  }
}

function shown(server, state, since) {
  const version = server.metadata?.version ? ` · ${server.metadata.version}` : ''
  return element('li', { 'data-state': state },
      element('strong', {}, server.id), ' ', element('span', { className: 'state' }, state),
      element('span', { className: 'figures' }, `${since} · process ${server.pid}${version}`))
}
