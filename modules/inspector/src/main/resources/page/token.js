// The token that says who this page is. It stands in these variables and nowhere else, neither in a storage nor in an
// address, a cookie or the document: whoever loads the page again is asked again.

let token = ''
// Of tokens: an answer may be to an earlier one.
let number = 0
let awaited = null

/** Tells `wanted`, with what the server said as its `detail`, and `changed`. */
export const tokens = new EventTarget()

export const currentToken = () => token

/** Which one is in use, 0 being none. */
export const tokenNumber = () => number

export const isTokenInUse = () => number > 0

/** Goes on as someone else. */
export function useToken(given) {
  token = given
  number++
  awaited?.resolve()
  awaited = null
  tokens.dispatchEvent(new Event('changed'))
}

/**
 * Waits for another token than the one that was refused. Nobody is asked for it twice.
 * @param refused its number
 * @param said why
 */
export function anotherToken(refused, said) {
  if (refused !== number) {
    return Promise.resolve()
  }
  if (!awaited) {
    awaited = Promise.withResolvers()
    tokens.dispatchEvent(new CustomEvent('wanted', { detail: said }))
  }
  return awaited.promise
}
