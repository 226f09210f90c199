import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../src/sandbox/index.ts';
import type { Narrator } from './narrator.ts';
import type { World } from './world.ts';

const STATES: Readonly<Record<string, string>> = {
  available: 'Available',
  dnd: 'Do not disturb',
  away: 'Away',
  busy: 'Busy',
};

/** An instant of the real time in the day's own time. */
export type Clock = (at: number) => string;

interface Fields {
  readonly [name: string]: unknown;
}

const fieldsOf = (value: unknown): Fields => {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : {};
};

/** Tells what the services see of HipStatus. */
export class Telling {
  readonly #narrator: Narrator;
  clock: Clock = () => '';
  /** Writes that each chat took. */
  readonly writes = { hipchat: 0, slack: 0 };
  calendarReads = 0;
  #isHipchatDown = false;
  #hasToldUser = false;
  #slackEnd: NodeJS.Timeout | undefined;

  constructor(narrator: Narrator) {
    this.#narrator = narrator;
  }

  exchange(exchange: Exchange): void {
    const { service, method, path, status } = exchange;
    if (service === 'graph' && path.endsWith('/calendarView')) this.#calendar(exchange);
    else if (service === 'hipchat' && (status === 0 || status >= 500)) this.#down(exchange);
    else if (service === 'hipchat' && method === 'PUT') this.#hipchat(exchange);
    else if (service === 'slack' && /users\.(profile\.set|setPresence)$/.test(path)) this.#slack(exchange);
  }

  #calendar({ status, responseBody, at }: Exchange): void {
    this.calendarReads += 1;
    const { value } = fieldsOf(responseBody) as { value?: readonly unknown[] };
    const what = status === 200 ? `read: ${value?.length ?? 0} events` : `answered ${status}`;
    this.#narrator.tell('calendar', what, at);
  }

  #down({ at, status }: Exchange): void {
    if (!this.#isHipchatDown) this.#narrator.tell('HipChat', `answers ${status}; HipStatus keeps trying`, at);
    this.#isHipchatDown = true;
  }

  #hipchat({ body, status, at }: Exchange): void {
    this.#isHipchatDown = false;
    this.writes.hipchat += 1;
    const { presence } = fieldsOf(body);
    const { show, status: text } = fieldsOf(presence);
    const said = text === '' ? 'no message' : `"${String(text)}"`;
    // The API takes the whole user; once is enough to see that nothing of it is lost.
    const sent = this.#hasToldUser ? `{…, "presence":${JSON.stringify(presence)}}` : JSON.stringify(body);
    this.#hasToldUser = true;
    this.#narrator.tell('HipChat', `got ${String(show)}, ${said}`, at, `PUT ${status} ${sent}`);
  }

  #slack({ path, body, status, at }: Exchange): void {
    this.writes.slack += 1;
    const method = path.split('/').at(-1) ?? '';
    if (method === 'users.setPresence') {
      const { presence } = fieldsOf(body);
      this.#narrator.tell('Slack', `got presence ${String(presence)}`, at, `${method} ${status}`);
      return;
    }
    const profile = fieldsOf(fieldsOf(body)['profile']);
    const { status_text: text, status_emoji: emoji, status_expiration: end } = profile;
    const until = Number(end) === 0 ? '' : `, ends by itself at ${this.clock(Number(end) * 1_000)}`;
    this.#expectEnd(Number(end) * 1_000);
    const said = text === '' ? 'no status' : `${String(emoji)} "${String(text)}"${until}`;
    this.#narrator.tell('Slack', `got ${said}`, at, `${method} ${status} ${JSON.stringify(profile)}`);
  }

  /** Slack ends a status by itself, which no request shows. */
  #expectEnd(end: number): void {
    clearTimeout(this.#slackEnd);
    if (end === 0) return;
    const tell = () => this.#narrator.tell('Slack', 'has ended the status by itself', end);
    this.#slackEnd = setTimeout(tell, end - Date.now());
  }

  /** Nothing is told from now on. */
  close(): void {
    clearTimeout(this.#slackEnd);
  }

  /** A line of HipStatus' log: its decisions are told. */
  log(line: string): void {
    const found = /Decision decision=(\w+) until="?([^\s"]+)/.exec(line);
    if (found === null) return;
    const [, decision = '', until = ''] = found;
    const stamp = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d\.\d+) ?(Z|[+-]\d\d:?\d\d)/.exec(line);
    const at = stamp === null ? Date.now() : Date.parse(`${stamp[1]}T${stamp[2]}${stamp[3]}`);
    const end = until === 'null' ? '' : ` until ${this.clock(Date.parse(until))}`;
    const state = STATES[decision] ?? decision;
    this.#narrator.tell('HipStatus', `decides: ${state}${end}`, Number.isNaN(at) ? Date.now() : at);
  }
}

/** Calls with each whole line of a growing text. */
export function byLine(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

/** Follows the app's log file; returns the stop. */
export function followLog({ home }: World, onLine: (line: string) => void): () => void {
  const file = join(home, 'logs', 'HipStatus.log');
  let length = 0;
  const push = byLine(onLine);
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    push(text.slice(length));
    length = text.length;
  }, 20);
  return () => clearInterval(timer);
}

/** The end of the log, for somebody who has to find out what went wrong. */
export function lastLogLines({ home }: World, count: number): readonly string[] {
  const file = join(home, 'logs', 'HipStatus.log');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count) : [];
}
