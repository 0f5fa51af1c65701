'use client'

import { useChat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'
import { useState } from 'react'

// The id outlives a reload, so that the running answer is found again.
const id = sessionStorage.chat ??= crypto.randomUUID()
const transport = new DefaultChatTransport({ api: CHAT_URL, body: { agent: AGENT } })

export default function Page() {
  const [text, setText] = useState('')
  const { messages, sendMessage, status, error } = useChat({ id, transport, resume: true })
  const isBusy = status === 'submitted' || status === 'streaming'
  const send = event => {
    event.preventDefault()
    sendMessage({ text })
    setText('')
  }

  // stop() of useChat only disconnects; this ends the agent.
  const stop = () => fetch(`${CHAT_URL}/${id}`, { method: 'DELETE' })

  return (
    <main>
      {messages.map(message => (
        <p key={message.id} data-role={message.role}>
          {message.parts.map((part, index) => (part.type === 'text' ? <span key={index}>{part.text}</span> : null))}
        </p>
      ))}
      {error && <p role="alert">{error.message}</p>}
      <p role="status">{status}</p>
      <form onSubmit={send}>
        <input aria-label="Message" value={text} onChange={event => setText(event.target.value)} disabled={isBusy} />
        <button type="button" onClick={stop} disabled={!isBusy}>Stop</button>
      </form>
    </main>
  )
}
