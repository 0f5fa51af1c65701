import { ApiError, askTicket, eventsUrl, findTask } from './task.js';
import { Reader } from './reader.js';

const endings = {
  length: 'Done: the length limit was reached',
  tool_calls: 'Done: a tool is left to the caller',
  content_filter: 'Done: held back by the content filter',
};

/** One task on the page: its reader, the events not shown yet, and its state. */
export class Session {
  #handlers;
  #reader;
  #events = [];
  #frame = 0;
  #isEnded = false;
  #isClosed = false;

  /** @param handlers `{ show(events), changed(state, text), refused() }` */
  constructor(id, handlers) {
    this.id = id;
    this.#handlers = handlers;
    this.#reader = new Reader({
      opened: () => this.#change('streaming', 'Writing'),
      received: event => this.#receive(event),
      waiting: () => this.#change('reconnecting', 'Reconnecting…'),
      lost: reason => this.#explainLoss(reason),
    });
  }

  async open() {
    this.#change('connecting', 'Connecting…');
    try {
      const ticket = await askTicket(this.id);
      if (!this.#isClosed) this.#reader.open(eventsUrl(this.id, this.#reader.lastEventId, ticket));
    } catch (error) {
      this.#report(error);
    }
  }

  close() {
    this.#isClosed = true;
    this.#reader.close();
    cancelAnimationFrame(this.#frame);
  }

  #receive(event) {
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

  /** An EventSource does not tell why it was refused; asking for the task does. */
  async #explainLoss(reason) {
    if (this.#isEnded) return;
    try {
      await findTask(this.id);
      this.#change('closed', reason);
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error) {
    if (this.#isClosed) return;
    if (!(error instanceof ApiError)) throw error;
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
    if (!this.#isEnded && !this.#isClosed) this.#handlers.changed(state, text);
  }
}

export function describeFailure(message, code) {
  return code ? `${message} (${code})` : message;
}
