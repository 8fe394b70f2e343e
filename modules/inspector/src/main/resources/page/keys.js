// The keyboard, and everything that it can do. Single keys can be switched off: who dictates would press them by chance.

import { byId } from './page.js'

const SETTING = 'inspector.keys'

export function listen(stream, open) {
  const help = byId('help')
  byId('help-button').addEventListener('click', () => help.showModal())
  byId('keys-on').checked = localStorage.getItem(SETTING) !== 'off'
  byId('keys-on').addEventListener('change', event =>
    localStorage.setItem(SETTING, event.target.checked ? 'on' : 'off'))

  const actions = {
    '/': () => byId('prefix').select(),
    '?': () => help.showModal(),
    j: () => move(stream, 1),
    k: () => move(stream, -1),
    ' ': () => stream.pauseOrGoOn(),
    s: () => open('-1'),
    l: () => open('last:100'),
    n: () => open('now'),
    c: () => stream.copyCurl(),
    a: () => append(stream),
    Escape: () => backToList()
  }

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) {
      return
    }
    if (event.key === 'Escape' || (byId('keys-on').checked && isFree(event))) {
      const action = actions[event.key]
      if (action) {
        event.preventDefault()
        action()
      }
    }
  })
  byId('prefix').addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      byId('stream-list').querySelector('a')?.focus()
    }
  })
}

// Whether the key isn't for what has the focus.
function isFree({ key, target }) {
  const isTyping = target.matches('input, textarea, select')
  return !isTyping && !(key === ' ' && target.matches('button'))
}

function move(stream, by) {
  const isInList = byId('streams').contains(document.activeElement) || byId('stream-open').hidden
  const list = byId(isInList ? 'stream-list' : 'events')
  const rows = list.children
  const current = [...rows].findIndex(row => row.contains(document.activeElement))
  const first = isInList || by > 0 ? firstSeen(list) : rows.length - 1
  const row = rows[current < 0 ? first : Math.min(rows.length - 1, Math.max(0, current + by))]
  row?.querySelector('a, summary').focus()
  if (!isInList && row !== list.lastElementChild) {
    stream.read()
  }
}

function firstSeen(list) {
  const top = list.getBoundingClientRect().top
  return Math.max(0, [...list.children].findIndex(row => row.getBoundingClientRect().bottom > top))
}

function append(stream) {
  if (stream.path) {
    byId('append').open = true
    byId('event').focus()
  }
}

function backToList() {
  const list = byId('stream-list')
  const target = list.querySelector('[aria-current]') ?? list.querySelector('a') ?? byId('prefix')
  target.focus()
}
