// The server's own HTTP, and what it says where it refuses.

export class Refused extends Error {
  /** @param status 0 where the server can't be reached */
  constructor(status, code, message, headers = new Headers()) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }

  get isAway() {
    return this.status === 0
  }
}

/** An answer of success. */
export async function ask(path, options = {}) {
  let answer
  try {
    answer = await fetch(path, { cache: 'no-store', ...options })
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure
    }
    throw new Refused(0, 'Away', 'The server doesn’t answer.')
  }
  if (answer.ok) {
    return answer
  }
  const said = await answer.json().catch(() => ({}))
  throw new Refused(answer.status, said.error ?? '', said.message ?? `${answer.status} ${answer.statusText}`,
      answer.headers)
}

export async function askJson(path, options) {
  return (await ask(path, options)).json()
}

/** The URL of a stream, whose path is percent-encoded already. */
export const streamUrl = path => `/v1/stream/${path}`

/** Events from a position on, each with its offset. */
export function eventsUrl(path, from) {
  return `/stream/events?stream=${encodeURIComponent(path)}&${positionQuery(from)}`
}

/** A path that someone typed: what can't stand in a URL is encoded, and escapes are left as they are. */
export function typedPath(text) {
  return encodeURI(text.trim().replace(/^\/+(v1\/stream\/)?/, ''))
      .replace(/%25(?=[0-9A-Fa-f]{2})/g, '%')
      .replace(/[?#]/g, encodeURIComponent)
}

/** The query that says where a read begins. */
export function positionQuery(from) {
  if (from.startsWith('last:')) {
    return `last=${encodeURIComponent(from.slice('last:'.length))}`
  }
  return `${/^\d{4}-/.test(from) ? 'since' : 'offset'}=${encodeURIComponent(from)}`
}
