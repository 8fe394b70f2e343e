// The events of the open stream, a row each.
//
// Two bounds keep the page quick whatever comes: at most 1,000 rows, and of each frame's time only a part. Who is at
// the end sees the latest, and older rows go; who has scrolled up is reading, and no row goes from under their eyes:
// once there are enough to read, the follower is held until they come to the end of them.

import { viewer } from './json.js'
import { byId, clockTime, copy, count, element } from './page.js'
import { timeOf } from './ulid.js'

const MOST_ROWS = 1_000
const MORE_ROWS = 500
// Twice as many: to drop them one by one would be to move all of them each time.
const MOST_WAITING = 2_000
const FRAME_MILLIS = 8
const PREVIEW_CHARACTERS = 300
const NEAR_PIXELS = 8
const ENTRY = /^\{"offset":"(\w+)","(event|data)":/

export class EventRows {
  #list = byId('events')
  #gone = byId('gone')
  #hold
  #proceed
  #queue = []
  #frame = 0
  #goneCount = 0
  #isAtEnd = true
  #allowance = 0
  #isHolding = false
  #isLive = false
  #isReading = false

  /**
   * @param hold called where there is enough to read
   * @param proceed called when more may come
   */
  constructor(hold, proceed) {
    this.#hold = hold
    this.#proceed = proceed
    this.#list.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    this.#list.addEventListener('toggle', event => this.#toggled(event.target), true)
  }

  /**
   * Begins anew.
   * @param isAtEnd whether the newest are to be seen, or the first that come
   */
  reset(isAtEnd) {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#queue = []
    this.#goneCount = 0
    this.#isLive = false
    this.#isReading = false
    this.#isAtEnd = isAtEnd
    this.#allowance = MOST_ROWS
    this.#isHolding = false
    this.#list.replaceChildren()
    this.#gone.hidden = true
  }

  /** Goes on to the newest, whatever was being read. */
  follow() {
    this.#isAtEnd = true
    this.#isReading = false
    this.#isHolding = false
    this.#schedule()
  }

  /** An event as the server wrote it. */
  add(json) {
    this.#queue.push(json)
    if (this.#isAtEnd && this.#queue.length > MOST_WAITING) {
      this.#goneCount += this.#queue.splice(0, this.#queue.length - MOST_ROWS).length
    }
    this.#schedule()
  }

  /** Nothing older is to come. */
  caughtUp() {
    this.#isLive = true
    this.#stickToEnd()
  }

  #schedule() {
    if (!this.#frame && this.#queue.length > 0) {
      this.#frame = requestAnimationFrame(() => this.#draw())
    }
  }

  #draw() {
    this.#frame = 0
    const rows = document.createDocumentFragment()
    const begin = performance.now()
    let drawn = 0
    while (drawn < this.#queue.length && this.#mayDraw(drawn) && performance.now() - begin < FRAME_MILLIS) {
      rows.append(row(this.#queue[drawn]))
      drawn++
    }
    this.#queue.splice(0, drawn)
    this.#allowance -= drawn
    this.#list.append(rows)
    this.#prune()
    if (this.#isAtEnd) {
      this.#list.scrollTop = this.#list.scrollHeight
    }
    if (this.#queue.length > 0 && !this.#mayDraw(0)) {
      this.#isHolding = true
      this.#hold()
    } else {
      this.#schedule()
      this.#stickToEnd()
    }
  }

  // Who sees the last row when it was the newest goes on to see the newest.
  #stickToEnd() {
    if (this.#isLive && !this.#isReading && this.#queue.length === 0 && this.#isNearEnd()) {
      this.#isAtEnd = true
    }
  }

  #isNearEnd() {
    return this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight <= NEAR_PIXELS
  }

  #mayDraw(drawn) {
    return this.#isAtEnd || this.#allowance > drawn
  }

  #prune() {
    let excess = this.#list.childElementCount - MOST_ROWS
    this.#goneCount += Math.max(0, excess)
    for (; excess > 0; excess--) {
      this.#list.firstElementChild.remove()
    }
    if (this.#goneCount > 0) {
      this.#gone.hidden = false
      this.#gone.textContent =
          `${count(this.#goneCount)} older events are gone from the page. They are still in the stream.`
    }
  }

  #scrolled() {
    const isNear = this.#isNearEnd()
    if (isNear && this.#isHolding) {
      this.#isHolding = false
      this.#allowance = MORE_ROWS
      this.#schedule()
      this.#proceed()
    } else if (isNear && this.#isLive && this.#queue.length === 0) {
      this.follow()
    } else if (!isNear && this.#isAtEnd && this.#queue.length === 0) {
      this.#isAtEnd = false
      this.#allowance = MOST_ROWS
    }
  }

  /** The user reads: the newest don't push away what is being looked at. */
  read() {
    this.#isReading = true
    if (this.#isAtEnd) {
      this.#isAtEnd = false
      this.#allowance = MOST_ROWS
    }
  }

  // The tree is made when someone looks: a thousand of them at once would take seconds.
  #toggled(details) {
    if (details.parentElement?.parentElement !== this.#list || !details.open || details.childElementCount > 1) {
      return
    }
    this.read()
    const button = element('button', { type: 'button', className: 'copy' }, 'Copy event')
    button.addEventListener('click', () => copy(details.text))
    details.append(button, viewer(details.text))
    details.scrollIntoView({ block: 'nearest' })
  }
}

function row(json) {
  const { offset, text } = eventOf(json)
  const details = element('details')
  details.text = text
  const at = timeOf(offset)
  details.append(element('summary', {},
      element('span', { className: 'offset' }, offset),
      element('time', { dateTime: new Date(at).toISOString() }, clockTime(at)),
      element('code', {}, text.slice(0, PREVIEW_CHARACTERS).replace(/\s+/g, ' '))))
  return element('li', {}, details)
}

// Cut out and not parsed: the event's text is what was appended, to the byte.
function eventOf(json) {
  const [head, offset, kind] = ENTRY.exec(json)
  const text = json.slice(head.length, -1)
  return { offset, text: kind === 'event' ? text : decoded(JSON.parse(text)) }
}

function decoded(base64) {
  const octets = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    return `${octets.length} bytes, base64: ${base64}`
  }
}
