// A figure over the last minutes: its name, how much it is now, and a line.

import { element, say } from './page.js'

const SVG = 'http://www.w3.org/2000/svg'
const WIDTH = 240
const HEIGHT = 48
const SAMPLES = 150
// A page that was just opened has a line too, and not a spot at the edge.
const LEAST_SAMPLES = 30

export class Chart {
  #values = []
  #unit
  #name
  #now = element('strong', {})
  #most = element('span', { className: 'most' })
  #line = shape('path', { class: 'line' })
  #area = shape('path', { class: 'area' })
  #svg = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' })

  /** @param unit how a value is written */
  constructor(name, unit) {
    this.#name = name
    this.#unit = unit
    this.#svg.append(this.#area, this.#line)
    // Before the first figure, too, it is read out.
    this.#svg.setAttribute('aria-label', name)
    this.figure = element('figure', {},
        element('figcaption', {}, name, ' ', this.#now), this.#svg, this.#most)
  }

  /** @param value NaN where there is none: nothing was committed, or the server was away */
  add(value) {
    this.#values.push(value)
    if (this.#values.length > SAMPLES) {
      this.#values.shift()
    }
    const known = this.#values.filter(value => !Number.isNaN(value))
    const most = Math.max(0, ...known)
    const now = Number.isNaN(value) ? '–' : this.#unit(value)
    say(this.#now, now)
    say(this.#most, known.length ? `most ${this.#unit(most)}` : '')
    this.#svg.setAttribute('aria-label', `${this.#name}: now ${now}, most ${this.#unit(most)}`)
    const points = this.#points(most || 1)
    this.#line.setAttribute('d', points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join(''))
    this.#area.setAttribute('d', points.length
      ? `M${points[0][0]} ${HEIGHT}${points.map(([x, y]) => `L${x} ${y}`).join('')}L${WIDTH} ${HEIGHT}Z`
      : '')
  }

  #points(most) {
    const shown = Math.max(LEAST_SAMPLES, this.#values.length)
    const step = WIDTH / (shown - 1)
    const first = shown - this.#values.length
    return this.#values.flatMap((value, i) => Number.isNaN(value)
      ? []
      : [[((first + i) * step).toFixed(1), (HEIGHT - 2 - value / most * (HEIGHT - 6)).toFixed(1)]])
  }
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name)
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value))
  return made
}
