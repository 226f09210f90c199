import { setTimeout as sleep } from 'node:timers/promises';
import type { EventInput } from '../../src/sandbox/index.ts';
import { Day } from './day.ts';
import type { Narrator } from './narrator.ts';
import type { Telling } from './telling.ts';
import type { World } from './world.ts';

/** A change must be in the chats this soon after its edge; milliseconds. */
const PROMPT = 2_000;
/** After an outage it must be right this soon; milliseconds. */
const RECOVERED = 10_000;

const MEETING = 'In a meeting';

/** What both chats show, in few words. */
interface Shown {
  readonly show: string;
  readonly message: string;
  readonly slack: string;
  readonly emoji: string;
  /** Instant; 0 for none. */
  readonly slackEnds: number;
  readonly slackPresence: string;
}

export interface StoryDeps {
  readonly world: World;
  readonly narrator: Narrator;
  readonly telling: Telling;
  readonly signal: AbortSignal;
  /** Titles of the notifications so far; null where somebody else shows them. */
  readonly notices: readonly string[] | null;
}

/** A working day of Ada's, and whether HipStatus did right by her. */
export class Story {
  readonly #deps: StoryDeps;
  readonly #account: string;
  #day = new Day('08:30');
  passed = 0;
  failed = 0;

  constructor(deps: StoryDeps) {
    this.#deps = deps;
    this.#account = deps.world.sandbox.known.account;
  }

  /** Plays the day up to its end; the app still runs then. */
  async play(): Promise<void> {
    const { narrator, telling } = this.#deps;
    this.#day = new Day('08:30');
    telling.clock = (at) => this.#day.clock(at);
    narrator.use(telling.clock);
    await this.#day.until('08:30', this.#deps.signal);
    await this.#morning();
    await this.#extended();
    await this.#byHand();
    await this.#outage();
    await this.#away();
  }

  async #morning(): Promise<void> {
    const { telling } = this.#deps;
    this.#event('Stand-up', '09:00', '10:00');
    this.#event('Focus time', '10:10', '10:40', { showAs: 'free', attendees: [] });
    const review = this.#event('Design review', '11:00', '12:00');
    this.#review = review;
    this.#event('One-to-one', '13:00', '14:00');
    this.#event('Customer call', '14:30', '16:00');
    this.#event('Dentist', '16:30', '17:30', { showAs: 'oof', attendees: [] });
    this.#event('Planning', '16:50', '17:10');
    this.#happens('seven events of the day are in it now');
    await this.#sync();

    await this.#at('09:00');
    await this.#expect(
      'the stand-up has begun: both chats say so',
      (shown) => this.#inMeeting(shown) && shown.slackEnds === this.#day.at('10:00'),
    );
    if (this.#deps.notices !== null) {
      await this.#until(
        'a notification told you',
        async () => this.#deps.notices?.includes("You are now set to 'Do not disturb'") === true,
      );
    }
    await this.#at('10:00');
    await this.#expect('it is over: both chats show what they showed before', (shown) => this.#free(shown));
    const before = { ...telling.writes };
    await this.#at('10:30');
    const same = before.hipchat === telling.writes.hipchat && before.slack === telling.writes.slack;
    this.#check(same && this.#free(await this.#shown()), 'focus time is shown as free: nothing was written');
  }

  #review = '';

  async #extended(): Promise<void> {
    const { world, telling } = this.#deps;
    await this.#at('11:00');
    await this.#expect('the design review has begun', (shown) => this.#inMeeting(shown));
    await this.#at('11:20');
    world.sandbox.graph.updateEvent(this.#review, { end: new Date(this.#day.at('12:30')) });
    this.#happens('the design review is extended to 12:30');
    await this.#sync();
    await this.#expect('Slack knows the new end', (shown) => shown.slackEnds === this.#day.at('12:30'));
    const { hipchat } = telling.writes;
    await this.#at('12:10');
    this.#check(
      this.#inMeeting(await this.#shown()) && hipchat === telling.writes.hipchat,
      'it goes on past its old end, without a flap',
    );
    await this.#at('12:30');
    await this.#expect('it is over: both chats are yours again', (shown) => this.#free(shown));
  }

  async #byHand(): Promise<void> {
    const { hipchat } = this.#deps.world.sandbox;
    await this.#at('13:00');
    await this.#expect('the one-to-one has begun', (shown) => this.#inMeeting(shown));
    await this.#at('13:20');
    hipchat.setPresence(this.#account, 'chat', 'Ask me anything');
    this.#tell('set HipChat to Available, "Ask me anything", by hand');
    await this.#sync();
    const mine = (shown: Shown) => shown.show === 'chat' && shown.message === 'Ask me anything';
    await this.#expect(
      'hands off: HipChat stays as you set it, Slack goes on',
      (shown) => mine(shown) && shown.slack === MEETING,
    );
    await this.#at('14:00');
    await this.#expect(
      'it is over: Slack is yours again, HipChat still as you set it',
      (shown) => mine(shown) && shown.slack === '',
    );
    await this.#at('14:10');
    hipchat.setPresence(this.#account, 'chat', '');
    this.#tell('took "Ask me anything" off again');
  }

  async #outage(): Promise<void> {
    const { hipchat } = this.#deps.world.sandbox;
    await this.#at('14:20');
    hipchat.outage(Number.POSITIVE_INFINITY);
    this.#deps.narrator.tell('HipChat', 'goes down');
    await this.#at('14:30');
    await this.#expect(
      'the customer call has begun: Slack is right although HipChat is down',
      ({ slack }) => slack === MEETING,
    );
    await this.#at('15:00');
    hipchat.clearFaults();
    this.#deps.narrator.tell('HipChat', 'is back');
    await this.#expect('HipChat is right too', (shown) => this.#inMeeting(shown), RECOVERED);
    await this.#at('16:00');
    await this.#expect('the call is over: both chats are yours again', (shown) => this.#free(shown));
  }

  async #away(): Promise<void> {
    await this.#at('16:30');
    const isOut = ({ show, message, slack, emoji, slackPresence }: Shown) =>
      show === 'away' &&
      message === 'Out of office' &&
      slack === 'Out of office' &&
      emoji === ':palm_tree:' &&
      slackPresence === 'away';
    await this.#expect('out of office: away, with its own words', isOut);
    await this.#at('17:00');
    this.#check(isOut(await this.#shown()), 'out of office outranks the planning meeting within it');
    await this.#at('17:30');
    await this.#expect('you are back: both chats are yours again', (shown) => this.#free(shown));
  }

  /** Ada quits HipStatus in the middle of a meeting. */
  async quit(): Promise<void> {
    const { world } = this.#deps;
    // Windows has no way to ask a program of another window to quit: there it is ended after the day's last meeting.
    if (process.platform === 'win32') return;
    this.#event('Late call', '17:50', '18:50');
    this.#happens('a late call has come up');
    await this.#sync();
    await this.#at('17:50');
    await this.#expect('the late call has begun', (shown) => this.#inMeeting(shown));
    await this.#at('18:10');
    this.#tell('quit HipStatus in the middle of it');
    const code = await world.quit();
    this.#check(code === 0, `HipStatus has ended (exit code ${code})`);
    await this.#expect('it has given back what it wrote', (shown) => this.#free(shown));
  }

  #event(subject: string, start: string, end: string, more: Partial<EventInput> = {}): string {
    return this.#deps.world.sandbox.graph.addEvent({
      subject,
      start: new Date(this.#day.at(start)),
      end: new Date(this.#day.at(end)),
      attendees: [{ email: 'grace@contoso.example' }],
      ...more,
    });
  }

  /** The next five-minute mark is hours away in this day: it is brought forward. */
  async #sync(): Promise<void> {
    this.#tell('ask for a sync: hipstatus sync');
    const { code, err } = await this.#deps.world.cli(['sync']);
    if (code !== 0) this.#check(false, `hipstatus sync ended with ${code}: ${err.trim()}`);
  }

  #at(clock: string): Promise<void> {
    return this.#day.until(clock, this.#deps.signal);
  }

  #happens(text: string): void {
    this.#deps.narrator.tell('calendar', text);
  }

  #tell(text: string): void {
    this.#deps.narrator.tell('you', text);
  }

  async #shown(): Promise<Shown> {
    const { hipchat, slack } = this.#deps.world.sandbox;
    const { presence } = hipchat.user(this.#account);
    const status = await slack.status();
    return {
      show: presence?.show ?? 'offline',
      message: presence?.status ?? '',
      slack: status.status_text,
      emoji: status.status_emoji,
      slackEnds: status.status_expiration * 1_000,
      slackPresence: await slack.presence(),
    };
  }

  #inMeeting({ show, message, slack, emoji }: Shown): boolean {
    return show === 'dnd' && message === MEETING && slack === MEETING && emoji === ':spiral_calendar_pad:';
  }

  #free({ show, message, slack, emoji, slackPresence }: Shown): boolean {
    return show === 'chat' && message === '' && slack === '' && emoji === '' && slackPresence === 'auto';
  }

  /** Asks the services themselves until they show it, or it is too late. */
  async #expect(what: string, fits: (shown: Shown) => boolean, patience = PROMPT): Promise<void> {
    let last: Shown | undefined;
    await this.#until(
      what,
      async () => {
        last = await this.#shown();
        return fits(last);
      },
      patience,
      () => JSON.stringify(last),
    );
  }

  async #until(what: string, look: () => Promise<boolean>, patience = PROMPT, seen = () => ''): Promise<void> {
    const began = Date.now();
    for (;;) {
      const good = await look();
      const took = Date.now() - began;
      if (good) return this.#check(true, `${what} (${(took / 1_000).toFixed(1)} s)`);
      if (took > patience) return this.#check(false, `${what}: not within ${patience / 1_000} s; ${seen()}`);
      await sleep(25, undefined, { signal: this.#deps.signal });
    }
  }

  #check(good: boolean, text: string): void {
    if (good) this.passed += 1;
    else this.failed += 1;
    this.#deps.narrator.check(good, text);
  }
}
