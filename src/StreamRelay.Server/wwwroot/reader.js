/**
 * Reads one task's events. The browser reconnects by itself and sends the last id it saw;
 * only when it has given up (`lost`) must the reader be opened again.
 */
export class Reader {
  lastEventId = '';
  #handlers;
  #source = null;

  /** @param handlers `{ opened(), received(event), waiting(), lost(reason) }` */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  open(url) {
    this.close();
    const source = new EventSource(url);
    source.onopen = () => this.#handlers.opened();
    source.onmessage = message => this.#receive(message);
    source.addEventListener('gap', () => this.#giveUp('Part of this text is no longer on the server.'));
    source.onerror = () => this.#fail();
    this.#source = source;
  }

  close() {
    this.#source?.close();
    this.#source = null;
  }

  #receive(message) {
    if (message.lastEventId) this.lastEventId = message.lastEventId;
    const event = JSON.parse(message.data);
    if (event.type === 'connection_end') {
      this.close();
    } else {
      this.#handlers.received(event);
    }
  }

  #fail() {
    if (this.#source.readyState === EventSource.CONNECTING) {
      this.#handlers.waiting();
    } else {
      this.#giveUp('The connection was closed.');
    }
  }

  #giveUp(reason) {
    this.close();
    this.#handlers.lost(reason);
  }
}
