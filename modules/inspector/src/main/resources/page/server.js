// The server's own HTTP, and what it says where it refuses.

import { anotherToken, currentToken, tokenNumber } from './token.js'

// What may not be read, by its path, with the number of the token that may not.
const forbidden = new Map()

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

/**
 * An answer of success. A read that takes another token waits until there is one; a write is refused, as nobody would
 * expect it to happen later.
 * @param waits called where it does
 */
export async function ask(path, { waits = () => {}, ...options } = {}) {
  for (;;) {
    const used = tokenNumber()
    try {
      return await askAs(currentToken(), path, options)
    } catch (refused) {
      if (refused.status === 403 && !options.method) {
        forbidden.set(path, { used, refused })
      }
      if (refused.status !== 401) {
        throw refused
      }
      const given = anotherToken(used, refused.message)
      if (options.method) {
        throw refused
      }
      waits()
      await given
    }
  }
}

/** Asks once, as whoever has this token. */
export async function askAs(token, path, { headers = {}, ...options } = {}) {
  let answer
  try {
    const all = token === '' ? headers : { ...headers, Authorization: `Bearer ${token}` }
    answer = await fetch(path, { cache: 'no-store', headers: all, ...options })
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

/** For what is asked every few seconds: what is forbidden stays so as long as the token is the same. */
export async function look(path) {
  const known = forbidden.get(path)
  if (known?.used === tokenNumber()) {
    throw known.refused
  }
  return ask(path)
}

export async function lookJson(path) {
  return (await look(path)).json()
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
