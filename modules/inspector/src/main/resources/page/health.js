// Whether the server takes everything, in the words of its own health check.

import { byId, repeatedly, say } from './page.js'
import { look } from './server.js'

const EVERY_MILLIS = 5_000

export class Health {
  constructor() {
    repeatedly(EVERY_MILLIS, () => this.#ask())
  }

  async #ask() {
    try {
      await look('/observe/health/ready')
      show('live', ' is ready')
    } catch (refused) {
      if (refused.isAway) {
        show('refused', ' doesn’t answer')
      } else if (refused.status < 500) {
        // It isn't for us to know.
        show('hidden', `: ${refused.message}`)
      } else {
        show('refused', ' isn’t ready')
      }
    }
  }
}

function show(state, what) {
  const target = byId('server')
  target.dataset.state = state
  say(target, location.host + what)
}
