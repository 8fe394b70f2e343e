// JSON as it was sent: numbers that JavaScript can't hold are shown as they stand.

import { element } from './page.js'

const FIRST_CHILDREN = 100
const LONG_TEXT = 2_000

/** A number as it was written, where JavaScript's own would be another. */
class Written {
  constructor(text) {
    this.text = text
  }
}

function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? new Written(context.source)
      : value)
}

/** A tree that unfolds as it is asked to. Anything but JSON is shown as text. */
export function viewer(text) {
  let value
  try {
    value = parse(text)
  } catch {
    return element('pre', { className: 'text' }, text)
  }
  const tree = element('div', { className: 'tree' })
  tree.append(node('', value, true))
  return tree
}

function node(key, value, isOpen) {
  const isContainer = typeof value === 'object' && value !== null && !(value instanceof Written)
  if (!isContainer) {
    return element('div', { className: 'leaf' }, ...label(key), scalar(value))
  }
  const entries = Object.entries(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (entries.length === 0) {
    return element('div', { className: 'leaf' }, ...label(key), open + close)
  }
  const summary = element('summary', {}, ...label(key),
      element('span', { className: 'size' }, `${open} ${entries.length} ${close}`))
  const branch = element('details', {}, summary)
  branch.addEventListener('toggle', () => {
    if (branch.open && branch.childElementCount === 1) {
      branch.append(children(entries, 0))
    }
  })
  branch.open = isOpen
  return branch
}

// Of a long array as many as fit on a screen or two; more when asked.
function children(entries, from) {
  const list = element('div', { className: 'children' })
  list.append(...entries.slice(from, from + FIRST_CHILDREN).map(([key, value]) => node(key, value, false)))
  const left = entries.length - from - FIRST_CHILDREN
  if (left > 0) {
    const more = element('button', { type: 'button' }, `${left} more`)
    more.addEventListener('click', () => more.replaceWith(children(entries, from + FIRST_CHILDREN)))
    list.append(more)
  }
  return list
}

function label(key) {
  return key === '' ? [] : [element('span', { className: 'key' }, key), ': ']
}

function scalar(value) {
  if (typeof value === 'string') {
    return text(value)
  }
  const kind = value === null ? 'null' : typeof value === 'boolean' ? 'boolean' : 'number'
  return element('span', { className: kind }, value instanceof Written ? value.text : String(value))
}

function text(value) {
  const shown = element('span', { className: 'string' }, JSON.stringify(value.slice(0, LONG_TEXT)))
  if (value.length > LONG_TEXT) {
    const more = element('button', { type: 'button' }, `${value.length - LONG_TEXT} characters more`)
    more.addEventListener('click', () => shown.replaceChildren(JSON.stringify(value)))
    shown.append(' ', more)
  }
  return shown
}
