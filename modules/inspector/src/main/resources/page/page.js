// What every panel needs of the document: elements, numbers for people, the clipboard.

import { tokens } from './token.js'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']
const AGES = [[86_400, 'd'], [3_600, 'h'], [60, 'min']]
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 })
const COMPACT = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3, notation: 'compact' })

export const byId = id => document.getElementById(id)

/** An element of text and other elements. Text is never taken for markup. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) {
      made[key] = value
    } else {
      made.setAttribute(key, value)
    }
  }
  made.append(...children)
  return made
}

/** Sets a text only where it is another one: what didn't change isn't read out again, nor laid out. */
export function say(target, text) {
  if (target.textContent !== text) {
    target.textContent = text
  }
}

export const count = n => NUMBER.format(n)
export const compact = n => COMPACT.format(n)

export function bytes(n) {
  let unit = 0
  let amount = n
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000
    unit++
  }
  return `${SHORT.format(amount)} ${UNITS[unit]}`
}

export function seconds(s) {
  if (s >= 1) {
    return `${SHORT.format(s)} s`
  }
  return s >= 0.001 ? `${SHORT.format(s * 1_000)} ms` : `${SHORT.format(s * 1_000_000)} µs`
}

/** How long ago a moment was, in its greatest unit. */
export function age(millis, now = Date.now()) {
  const passed = Math.max(0, (now - millis) / 1_000)
  const [unit, name] = AGES.find(([unit]) => passed >= unit) ?? [1, 's']
  return `${Math.floor(passed / unit)} ${name}`
}

export function clockTime(millis) {
  const at = new Date(millis)
  const two = n => String(n).padStart(2, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
      + `.${String(at.getMilliseconds()).padStart(3, '0')}`
  const isToday = at.toDateString() === new Date().toDateString()
  return isToday ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}

/** Says something to who can't see the page change. */
export function announce(text) {
  byId('said').textContent = text
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // A page of plain HTTP from another machine has no clipboard, but for what is selected.
    const field = element('textarea', { value: text, className: 'unseen' })
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  announce('Copied')
}

/**
 * Does something now and then every so often while the page can be seen, one at a time, and at once where there is
 * another token.
 * @returns what does it at once
 */
export function repeatedly(millis, work) {
  let timer
  let running = false
  const run = async () => {
    clearTimeout(timer)
    if (document.hidden || running) {
      return
    }
    running = true
    try {
      await work()
    } finally {
      running = false
      timer = setTimeout(run, millis)
    }
  }
  document.addEventListener('visibilitychange', run)
  tokens.addEventListener('changed', run)
  run()
  return run
}
