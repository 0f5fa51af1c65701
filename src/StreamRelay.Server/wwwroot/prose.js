// Long text nodes are shaped anew whenever they grow, so a line continues in another node beyond this.
const nodeLength = 4096;
const listItem = /^ *([-*+]|\d+[.)]) /;

/**
 * Growing plain text: one block per line, so that only the last line is laid out again.
 * The text stays exactly what was received; headings, lists and code are only dressed differently.
 */
export class Prose {
  #element;
  #line = null;
  #inCode = false;

  constructor(element) {
    this.#element = element;
  }

  clear() {
    this.#element.replaceChildren();
    this.#line = null;
    this.#inCode = false;
  }

  append(text) {
    for (const piece of text.split(/(?<=\n)/)) {
      if (piece) this.#extendLine(piece);
    }
  }

  #extendLine(piece) {
    this.#line ??= this.#addLine();
    appendText(this.#line, piece);
    this.#dress(this.#line);
    if (piece.endsWith('\n')) this.#endLine();
  }

  #addLine() {
    const line = document.createElement('div');
    this.#element.append(line);
    return line;
  }

  #endLine() {
    if (isFence(this.#line)) this.#inCode = !this.#inCode;
    else if (!this.#inCode && this.#line.textContent === '\n') this.#line.className = 'blank';
    this.#line = null;
  }

  #dress(line) {
    if (line.className) return;
    if (this.#inCode || isFence(line)) {
      line.className = 'code';
    } else if (listItem.test(line.firstChild.data)) {
      line.className = 'item';
    } else {
      dressHeading(line);
    }
  }
}

function appendText(line, text) {
  const last = line.lastChild;
  if (last?.nodeType === Node.TEXT_NODE && last.length < nodeLength) {
    last.appendData(text);
  } else {
    line.append(text);
  }
}

function isFence(line) {
  return line.firstChild.data?.startsWith('```') ?? false;
}

function dressHeading(line) {
  const text = line.firstChild;
  const mark = /^(#{1,6}) /.exec(text.data);
  if (!mark) return;
  line.className = 'heading';
  line.setAttribute('role', 'heading');
  // The page's own headings are levels 1 and 2.
  line.ariaLevel = Math.min(mark[1].length + 2, 6);
  line.dataset.level = mark[1].length;

  text.splitText(mark[0].length);
  const span = document.createElement('span');
  span.className = 'mark';
  span.ariaHidden = 'true';
  text.replaceWith(span);
  span.append(text);
}
