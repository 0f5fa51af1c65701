import { Chat as ReactChat } from '@ai-sdk/react'
import * as ai5 from 'ai5'
import * as ai6 from 'ai6'
import * as ai7 from 'ai7'

/** What every front end adds to the AI SDK's chat: somewhere to keep its state, and a call when it changes. */
class State {
  status = 'ready'
  error
  changed = new Set()
  #messages

  constructor(messages) {
    this.#messages = messages
  }

  get messages() {
    return this.#messages
  }

  set messages(messages) {
    this.#messages = messages
    for (const call of this.changed) call()
  }

  pushMessage = message => { this.messages = [...this.messages, message] }
  popMessage = () => { this.messages = this.messages.slice(0, -1) }
  replaceMessage = (index, message) => { this.messages = this.messages.with(index, message) }
  snapshot = structuredClone
}

const headless = ({ AbstractChat }) => class extends AbstractChat {
  constructor({ messages = [], ...options }) {
    const state = new State(messages)
    super({ ...options, state })
    this['~registerMessagesCallback'] = call => {
      state.changed.add(call)
      return () => state.changed.delete(call)
    }
  }
}

const versions = { 5: [headless(ai5), ai5], 6: [headless(ai6), ai6], 7: [ReactChat, ai7] }

/** For each version of the AI SDK its name, and what makes a chat that talks to the probe. */
export const chats = Object.entries(versions).map(([version, [Chat, { DefaultChatTransport }]]) => [`ai ${version}`, (url, { agent = 'probe', headers, fetch, ...options } = {}) =>
  new Chat({ ...options, transport: new DefaultChatTransport({ api: `${url}/api/chat`, body: { agent }, headers, fetch }) })])

/** Sends a text; resolves when the answer has ended, however it did. */
export const send = (chat, text) => chat.sendMessage({ text })

/** The text of all answers; an answer that is there twice shows. */
export const answer = chat => chat.messages.filter(message => message.role === 'assistant').flatMap(message => message.parts).filter(part => part.type === 'text').map(part => part.text).join('')

/** Resolves when the answer holds so much. */
export const answered = (chat, text) => new Promise(resolve => {
  const stop = chat['~registerMessagesCallback'](() => {
    if (!answer(chat).includes(text)) return
    stop()
    resolve()
  })
})
