import { RelayError } from './client.js';
import { hasKey, keepKey, relay } from './relay.js';
import { Session, describeFailure } from './session.js';
import { Prose } from './prose.js';
import { Activity, Files, describeUsage, markOutline, showOutline } from './panels.js';

const live = new Set(['connecting', 'streaming', 'reconnecting']);
const wide = matchMedia('(min-width: 60rem)');
const siteTitle = document.title;
const startTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const page = {};
for (const element of document.querySelectorAll('[id]')) page[element.id] = element;

const output = new Prose(page.output);
const thoughts = new Prose(page.thoughts);
const activity = new Activity(page.activity);
const files = new Files(page.file, download);

let session = null;
let topic = '';
let refused = new Set();

page.ask.addEventListener('submit', start);
page['key-form'].addEventListener('submit', useKey);
page.stop.addEventListener('click', stop);
page.reconnect.addEventListener('click', openSession);
addEventListener('hashchange', showTaskOfAddress);

loadAgents();
showTaskOfAddress();

async function loadAgents() {
  try {
    fillAgents(await relay.agents());
  } catch (error) {
    if (error.status === 401) askForKey(loadAgents);
    else report(error);
  }
}

function fillAgents(names) {
  const chosen = page.agent.value;
  page.agent.replaceChildren(...names.map(name => new Option(name)));
  if (names.includes(chosen)) page.agent.value = chosen;
}

async function start(submit) {
  submit?.preventDefault();
  page.start.disabled = true;
  try {
    const language = page.language.value.trim();
    const task = await relay.start(page.agent.value, page.topic.value, { metadata: language ? { language } : undefined });
    topic = page.topic.value;
    location.hash = new URLSearchParams({ task: task.id });
  } catch (error) {
    if (error.status === 401) askForKey(start);
    else report(error);
  } finally {
    page.start.disabled = false;
  }
}

async function stop() {
  page.stop.disabled = true;
  try {
    await relay.stop(session.id);
  } catch (error) {
    page.stop.disabled = false;
    if (error.status === 401) askForKey(stop);
    else page.state.textContent = describeFailure(error.message, error.code);
  }
}

/** The address holds the task, so a reload, another tab and the back button all show it. */
function showTaskOfAddress() {
  session?.close();
  session = null;
  clear();
  const id = new URLSearchParams(location.hash.slice(1)).get('task');
  if (!id) {
    changeState('idle', 'Ready');
    return;
  }

  showTitle(topic || id);
  if (!topic) showTitleOf(id);
  page.about.textContent = id;
  topic = '';
  page.task.hidden = false;
  session = new Session(id, { show, changed: changeState, refused: () => askForKey(openSession) });
  openSession();
}

function openSession() {
  session?.open();
}

function clear() {
  document.title = siteTitle;
  output.clear();
  thoughts.clear();
  activity.clear();
  files.clear();
  page.outline.replaceChildren();
  for (const name of ['task', 'outline-panel', 'thoughts-panel', 'activity-panel', 'usage']) page[name].hidden = true;
  showStep('');
}

function changeState(state, text) {
  const isLive = live.has(state);
  page.state.dataset.state = state;
  page.state.textContent = text;
  page.stop.hidden = !isLive;
  page.stop.disabled = false;
  page.reconnect.hidden = state !== 'closed';
  page.output.ariaBusy = isLive;
  if (!isLive) showStep('');
}

function report(error) {
  if (!(error instanceof RelayError)) throw error;
  const { state } = page.state.dataset;
  changeState(live.has(state) ? state : 'failed', describeFailure(error.message, error.code));
}

function show(events) {
  const follows = scrollY > 0 && scrollY + innerHeight > document.documentElement.scrollHeight - 60;
  let said = '';
  let thought = '';
  for (const event of events) {
    if (event.event_type === 'output') said += event.content;
    else if (event.event_type === 'thought') thought += event.content;
    else showOther(event);
  }

  output.append(said);
  thoughts.append(thought);
  if (thought) page['thoughts-panel'].hidden = false;
  page['activity-panel'].hidden = activity.isEmpty;
  if (follows) scrollTo(0, document.documentElement.scrollHeight);
}

function showOther(event) {
  switch (event.event_type) {
    case 'start':
      page.about.textContent = `${event.agent_name} · ${startTime.format(new Date(event.timestamp))}`;
      break;
    case 'step_start':
      showStep(event.content);
      break;
    case 'step_end':
      showStep('');
      break;
    case 'action_start':
    case 'action_delta':
    case 'action':
    case 'observation':
      activity.addToAction(event);
      break;
    case 'log':
      activity.addLog(event);
      break;
    case 'file':
      files.add(event);
      break;
    case 'usage':
      page.usage.textContent = describeUsage(event);
      page.usage.hidden = false;
      break;
    case 'data':
      if (event.name === 'outline') showOutlinePanel(event.data);
      break;
  }
}

/** A task of another tab: its title is the server's. An outline that came first keeps its own, and the session reports what goes wrong. */
async function showTitleOf(id) {
  const task = await relay.get(id).catch(() => null);
  if (task?.title && page.title.textContent === id) showTitle(task.title);
}

function showTitle(title) {
  page.title.textContent = title;
  document.title = `${title} · ${siteTitle}`;
}

function showStep(title) {
  page.step.textContent = title;
  page.step.hidden = !title;
  markOutline(page.outline, title);
}

function showOutlinePanel(outline) {
  if (outline.title) showTitle(outline.title);
  showOutline(page.outline, outline);
  page['outline-panel'].hidden = false;
  page['outline-panel'].open = wide.matches;
}

function askForKey(retry) {
  page['key-note'].textContent = hasKey()
    ? 'The server did not accept this key.'
    : 'The server asks for a key. It is kept in this tab only.';
  refused.add(retry);
  page['key-form'].hidden = false;
  page.key.focus();
}

function useKey(submit) {
  submit.preventDefault();
  keepKey(page.key.value.trim());
  page.key.value = '';
  page['key-form'].hidden = true;
  const retries = refused;
  refused = new Set();
  for (const retry of retries) retry();
}

async function download(click, url, name) {
  if (!hasKey()) return;
  click.preventDefault();
  try {
    const link = document.createElement('a');
    link.href = await relay.ticketUrl(url, session.id);
    link.download = name;
    link.click();
  } catch (error) {
    if (error.status === 401) askForKey(() => download(click, url, name));
    else page.state.textContent = describeFailure(error.message, error.code);
  }
}
