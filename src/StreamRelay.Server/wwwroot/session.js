import { RelayError } from './client.js';
import { relay } from './relay.js';

const endings = {
  length: 'Done: the length limit was reached',
  tool_calls: 'Done: a tool is left to the caller',
  content_filter: 'Done: held back by the content filter',
};

/** One task on the page: its events that are not shown yet, and its state. */
export class Session {
  #handlers;
  #events = [];
  #lastSequence = 0;
  #frame = 0;
  #isEnded = false;
  #closing = new AbortController();

  /** @param handlers `{ show(events), changed(state, text), refused() }` */
  constructor(id, handlers) {
    this.id = id;
    this.#handlers = handlers;
  }

  async open() {
    this.#change('connecting', 'Connecting…');
    try {
      const events = relay.read(this.id, {
        after: this.#lastSequence,
        signal: this.#closing.signal,
        onOpen: () => this.#change('streaming', 'Writing'),
        onWait: () => this.#change('reconnecting', 'Reconnecting…'),
      });
      for await (const event of events) this.#receive(event);
    } catch (error) {
      this.#report(error);
    }
  }

  close() {
    this.#closing.abort();
    cancelAnimationFrame(this.#frame);
  }

  #receive(event) {
    this.#lastSequence = event.sequence;
    this.#events.push(event);
    if (event.event_type === 'end' || event.event_type === 'error') {
      this.#end(event);
    } else {
      this.#frame ||= requestAnimationFrame(() => this.#show());
    }
  }

  #end(event) {
    // A hidden tab draws no frames, so the rest is shown at once.
    this.#show();
    if (event.event_type === 'error') {
      this.#change('failed', `Failed: ${describeFailure(event.content, event.code)}`);
    } else if (event.status === 'stopped') {
      this.#change('stopped', 'Stopped');
    } else {
      this.#change('done', endings[event.finish_reason] ?? 'Done');
    }
    this.#isEnded = true;
  }

  #show() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#handlers.show(this.#events.splice(0));
  }

  #report(error) {
    if (this.#closing.signal.aborted) return;
    if (!(error instanceof RelayError)) throw error;
    if (error.status === 401) {
      this.#change('closed', error.message);
      this.#handlers.refused();
    } else if (error.status === 404) {
      this.#change('failed', describeFailure(error.message, error.code));
    } else {
      this.#change('closed', error.message);
    }
  }

  #change(state, text) {
    if (!this.#isEnded && !this.#closing.signal.aborted) this.#handlers.changed(state, text);
  }
}

export function describeFailure(message, code) {
  return code ? `${message} (${code})` : message;
}
