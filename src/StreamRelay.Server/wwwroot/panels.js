const numbers = new Intl.NumberFormat('en-GB');
const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];

export function showOutline(element, outline) {
  const list = document.createElement('ol');
  for (const chapter of outline.chapters ?? []) {
    const item = textElement('li', '');
    item.append(textElement('span', titleOf(chapter)));
    item.dataset.title = titleOf(chapter);
    if (chapter.sections?.length) item.append(sectionList(chapter.sections));
    list.append(item);
  }
  element.replaceChildren(list);
}

export function markOutline(element, stepTitle) {
  for (const item of element.querySelectorAll('[data-title]')) {
    if (stepTitle && stepTitle.endsWith(item.dataset.title)) {
      item.setAttribute('aria-current', 'step');
    } else {
      item.removeAttribute('aria-current');
    }
  }
}

export function describeUsage(usage) {
  const parts = [`${numbers.format(usage.total_tokens)} tokens`];
  if (usage.prompt_tokens !== undefined && usage.completion_tokens !== undefined) {
    parts.push(`${numbers.format(usage.prompt_tokens)} read, ${numbers.format(usage.completion_tokens)} written`);
  }
  if (usage.estimated) parts.push('estimated');
  return parts.join(' · ');
}

/** The links to a task's files; `download(url)` is asked before a link of this server is followed. */
export class Files {
  #element;
  #download;
  #items = new Map();

  constructor(element, download) {
    this.#element = element;
    this.#download = download;
  }

  clear() {
    this.#items.clear();
    this.#element.replaceChildren();
    this.#element.hidden = true;
  }

  add(file) {
    const item = this.#items.get(file.name) ?? document.createElement('li');
    item.replaceChildren(this.#link(file), textElement('span', describeSize(file.size)));
    this.#items.set(file.name, item);
    this.#element.append(item);
    this.#element.hidden = false;
  }

  #link(file) {
    if (!isWebAddress(file.url)) return textElement('span', file.name);
    const url = new URL(file.url, location.href);
    const link = textElement('a', file.name);
    link.href = url.href;
    link.download = file.name;
    link.rel = 'noreferrer';
    if (url.origin === location.origin) {
      link.addEventListener('click', click => this.#download(click, url, file.name));
    }
    return link;
  }
}

/** What the agent did beside writing: tool calls with their results, and lines of its log. */
export class Activity {
  #element;
  #calls = new Map();

  constructor(element) {
    this.#element = element;
  }

  clear() {
    this.#calls.clear();
    this.#element.replaceChildren();
  }

  get isEmpty() {
    return !this.#element.hasChildNodes();
  }

  addLog(event) {
    const line = textElement('li', event.content);
    line.className = 'log';
    if (event.level) line.dataset.level = event.level.toLowerCase();
    this.#element.append(line);
  }

  addToAction(event) {
    const call = this.#call(event);
    switch (event.event_type) {
      case 'action_delta':
        call.input.append(event.content);
        break;
      case 'action':
        call.input.textContent = asText(event.input ?? event.content);
        break;
      case 'observation':
        call.result.textContent = event.content || asText(event.output ?? '');
        call.result.classList.toggle('bad', event.is_error === true);
        break;
    }
  }

  #call(event) {
    const known = this.#calls.get(event.tool_call_id);
    if (known) return known;

    const call = { input: textElement('pre', ''), result: textElement('pre', '') };
    call.result.className = 'result';
    const item = textElement('li', '');
    item.append(textElement('strong', event.tool_name ?? 'Tool'));
    if (event.executor === 'caller') item.append(' left to the caller');
    item.append(call.input, call.result);
    this.#element.append(item);
    if (event.tool_call_id) this.#calls.set(event.tool_call_id, call);
    return call;
  }
}

export function textElement(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function sectionList(sections) {
  const list = document.createElement('ul');
  list.append(...sections.map(section => textElement('li', titleOf(section))));
  return list;
}

function titleOf(part) {
  return typeof part === 'string' ? part : part.title ?? '';
}

function isWebAddress(url) {
  return URL.canParse(url, location.href) && /^https?:$/.test(new URL(url, location.href).protocol);
}

function asText(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function describeSize(bytes) {
  if (bytes === undefined) return '';
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), sizes.length - 1);
  return new Intl.NumberFormat('en-GB', {
    style: 'unit',
    unit: sizes[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
}
