// Offsets are ULIDs: ten characters of time in milliseconds, sixteen that count, in Crockford's base 32.

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_DIGITS = 10
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export function isUlid(text) {
  return ULID.test(text)
}

/** Epoch milliseconds. */
export function timeOf(ulid) {
  let millis = 0
  for (const digit of ulid.slice(0, TIME_DIGITS)) {
    millis = millis * 32 + DIGITS.indexOf(digit)
  }
  return millis
}
