import { styleText } from 'node:util';

/** Who a line is about. */
export type Who = 'calendar' | 'HipStatus' | 'HipChat' | 'Slack' | 'you' | 'menu bar' | 'notice' | 'check';

const COLORS = {
  calendar: 'cyan',
  HipStatus: 'magenta',
  HipChat: 'blue',
  Slack: 'yellow',
  you: 'white',
  'menu bar': 'gray',
  notice: 'gray',
  check: 'green',
} as const satisfies Record<Who, string>;

/** Lines wait this long, because one that happened earlier may be heard of later; milliseconds. */
const SETTLE = 150;
const WIDTH = 11;

/** Tells what happens, line by line, in the order in which it happened. */
export class Narrator {
  readonly #color: boolean;
  readonly #timer: NodeJS.Timeout;
  #waiting: { readonly at: number; readonly text: string }[] = [];
  #clock: (at: number) => string = (at) => new Date(at).toTimeString().slice(0, 5);

  constructor(color: boolean) {
    this.#color = color;
    this.#timer = setInterval(() => this.#flush(Date.now() - SETTLE), 50);
  }

  /** From here on, times are those of this clock. */
  use(clock: (at: number) => string): void {
    this.flush();
    this.#clock = clock;
  }

  /** A line of what happens in the day. */
  tell(who: Who, text: string, at = Date.now(), detail = ''): void {
    const name = this.#style(COLORS[who], who.padEnd(WIDTH));
    const more = detail === '' ? '' : `\n${' '.repeat(7 + WIDTH)}${this.#style('gray', detail)}`;
    this.#waiting.push({ at, text: `${this.#style('gray', this.#clock(at))}  ${name}${text}${more}` });
  }

  /** The outcome of a check. */
  check(good: boolean, text: string): void {
    this.tell('check', this.#style(good ? 'green' : 'red', `${good ? '✓' : '✗'} ${text}`));
  }

  /** A line outside of the day. */
  say(text = ''): void {
    this.flush();
    process.stdout.write(`${text}\n`);
  }

  heading(text: string): void {
    this.say(`\n${this.#style('bold', text)}`);
  }

  flush(): void {
    this.#flush(Number.POSITIVE_INFINITY);
  }

  close(): void {
    this.flush();
    clearInterval(this.#timer);
  }

  #flush(until: number): void {
    const ready = this.#waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    this.#waiting = this.#waiting.filter(({ at }) => at > until);
    for (const { text } of ready) process.stdout.write(`${text}\n`);
  }

  #style(style: 'bold' | 'red' | (typeof COLORS)[Who], text: string): string {
    return this.#color ? styleText(style, text, { validateStream: false }) : text;
  }
}
