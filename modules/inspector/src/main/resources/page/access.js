// Asks for a token where the server does, or where someone wants to be somebody else.

import { byId, say } from './page.js'
import { askAs } from './server.js'
import { isTokenInUse, tokens, useToken } from './token.js'

// What can stand in a header.
const WORD = /^[\x21-\x7e]+$/

export class Access {
  #section = byId('access')
  #field = byId('token')
  #note = byId('access-note')
  #button = byId('token-button')
  #before = null

  constructor() {
    tokens.addEventListener('wanted', ({ detail }) => this.#want(detail))
    this.#button.addEventListener('click', () => (this.#section.hidden ? this.#open(this.#button) : this.#close()))
    this.#section.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation()
        this.#close()
      }
    })
    byId('access-form').addEventListener('submit', event => {
      event.preventDefault()
      this.#try(this.#field.value.trim())
    })
    this.#field.addEventListener('input', () => this.#field.removeAttribute('aria-invalid'))
    // Nothing behind a modal dialog can have the focus.
    byId('help').addEventListener('close', () => this.#section.hidden || this.#field.focus())
  }

  #want(said) {
    say(byId('access-title'), isTokenInUse() ? 'The token is no longer taken' : 'This server asks for a token')
    say(this.#note, quoted(said))
    this.#button.hidden = false
    this.#open(document.activeElement)
  }

  /** @param before what has the focus afterwards */
  #open(before) {
    if (this.#section.hidden) {
      this.#before = before
      this.#section.hidden = false
      this.#button.setAttribute('aria-expanded', 'true')
    }
    this.#field.focus()
  }

  #close() {
    const hadFocus = this.#section.contains(document.activeElement)
    this.#section.hidden = true
    this.#button.setAttribute('aria-expanded', 'false')
    this.#field.value = ''
    if (hadFocus) {
      const wasSomewhere = this.#before?.isConnected && this.#before !== document.body
      const target = wasSomewhere ? this.#before : byId('stream-title')
      target.focus()
    }
  }

  // The whole page goes on with a token only after the server has taken it once.
  async #try(typed) {
    if (!WORD.test(typed)) {
      this.#refuse('A token is one word of letters, digits and signs.')
      return
    }
    say(this.#note, 'Asking the server…')
    try {
      await askAs(typed, '/servers')
    } catch (refused) {
      this.#refuse(refused.isAway ? refused.message : quoted(refused.message))
      return
    }
    say(byId('access-title'), 'Another token')
    say(this.#note, '')
    this.#close()
    useToken(typed)
  }

  #refuse(why) {
    say(this.#note, why)
    this.#field.setAttribute('aria-invalid', 'true')
    this.#field.select()
  }
}

const quoted = said => `The server says: “${said}”`
