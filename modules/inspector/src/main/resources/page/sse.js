// Server-sent events out of the body of an answer, as HTML's own rules read them. `EventSource` does the same, but it
// can't say who it is, and doesn't tell why it was refused.
//
// Bytes come as the network cut them: within a character, between the CR and the LF of one line end, within a line.

const LINE_END = /\r\n|\n|\r/g

export class EventReader {
  #heard
  #decoder = new TextDecoder()
  #rest = ''
  #endedInReturn = false
  #type = ''
  #data = []
  #id = ''

  /** @param heard called with `{type, data, id}` of each event; the id is the latest, whichever event had it */
  constructor(heard) {
    this.#heard = heard
  }

  /** Reads until the body ends, properly or not: what isn't a whole event by then is none. */
  async read(body) {
    const reader = body.getReader()
    for (;;) {
      const { value } = await reader.read().catch(() => ({}))
      if (!value) {
        return
      }
      this.push(value)
    }
  }

  /** The next bytes. */
  push(octets) {
    let text = this.#decoder.decode(octets, { stream: true })
    if (text === '') {
      return
    }
    if (this.#endedInReturn && text.startsWith('\n')) {
      text = text.slice(1)
    }
    this.#endedInReturn = text.endsWith('\r')
    let begin = 0
    for (const end of text.matchAll(LINE_END)) {
      this.#line(this.#rest + text.slice(begin, end.index))
      this.#rest = ''
      begin = end.index + end[0].length
    }
    // Not looked at again before its end is there: a line of megabytes comes in many pieces.
    this.#rest += text.slice(begin)
  }

  #line(line) {
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'data') {
      this.#data.push(value)
    } else if (name === 'event') {
      this.#type = value
    } else if (name === 'id' && !value.includes('\0')) {
      this.#id = value
    }
    // A comment has no name, and whatever else there is isn't for us.
  }

  #dispatch() {
    const type = this.#type || 'message'
    const data = this.#data
    this.#type = ''
    this.#data = []
    if (data.length > 0) {
      this.#heard({ type, data: data.join('\n'), id: this.#id })
    }
  }
}
