// Whether the server takes everything, in the words of its own health check.

import { byId, repeatedly, say } from './page.js'
import { ask } from './server.js'

const EVERY_MILLIS = 5_000

export class Health {
  constructor() {
    repeatedly(EVERY_MILLIS, () => this.#ask())
  }

  async #ask() {
    const target = byId('server')
    try {
      await ask('/observe/health/ready')
      target.dataset.state = 'live'
      say(target, `${location.host} is ready`)
    } catch (refused) {
      target.dataset.state = 'refused'
      say(target, refused.isAway ? `${location.host} doesn’t answer` : `${location.host} isn’t ready`)
    }
  }
}
