// Puts the panels together. What is open stands behind the # of the address: a link to it is a link to the same view.

import { Access } from './access.js'
import { Health } from './health.js'
import { listen } from './keys.js'
import { Figures } from './metrics.js'
import { byId } from './page.js'
import { ServerList } from './servers.js'
import { FIRST_POSITION, OpenStream } from './stream.js'
import { StreamList } from './streams.js'

new Access()
const stream = new OpenStream()
const streams = new StreamList(path => go(path, FIRST_POSITION))

function go(path, from) {
  const address = `#/${path}?from=${encodeURIComponent(from)}`
  if (location.hash === address) {
    show()
  } else {
    location.hash = address
  }
}

function show() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?')
  const from = new URLSearchParams(query).get('from') ?? FIRST_POSITION
  streams.choose(path)
  stream.open(path, from)
  document.title = path ? `${path} – Perennial inspector` : 'Perennial inspector'
}

function jump(from) {
  if (stream.path) {
    go(stream.path, from)
  }
}

window.addEventListener('hashchange', () => {
  const before = stream.path
  show()
  if (stream.path !== before) {
    byId('stream-title').focus()
  }
})
byId('toolbar').addEventListener('click', ({ target }) => {
  const from = target.closest('[data-from]')?.dataset.from
  if (from) {
    jump(from)
  }
})
byId('jump').addEventListener('submit', event => {
  event.preventDefault()
  const typed = byId('position').value.trim()
  if (typed) {
    jump(/^\d{1,5}$/.test(typed) ? `last:${typed}` : typed)
  }
})

listen(stream, jump)
show()
new ServerList()
new Health()
new Figures()
