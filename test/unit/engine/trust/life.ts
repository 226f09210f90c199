// One life of the engine: all its calls go through here, are looked at, and end with it.
import type { CalendarEvent } from '../../../../src/core/calendarEvent.ts';
import type { ChatRecord } from '../../../../src/core/claim.ts';
import type { ChatReading } from '../../../../src/core/presence.ts';
import type { CalendarProvider } from '../../../../src/ports/calendarProvider.ts';
import type { ChatProvider, PresenceWrite } from '../../../../src/ports/chatProvider.ts';
import type { ClaimStore } from '../../../../src/ports/claimStore.ts';
import type { Clock, Timer } from '../../../../src/ports/clock.ts';
import type { RunPorts } from '../../../fakes/engineHarness.ts';

/** What a life tells of its calls, in the very moment in which the engine learns it. */
export interface LifeWatch {
  /** A call begins. `service` is an account, `isChat` tells which kind. */
  readonly called: (service: string, inFlight: number) => void;
  readonly failed: (service: string, error: unknown) => void;
  readonly calendarRead: (id: string, events: readonly CalendarEvent[]) => void;
  readonly chatRead: (id: string, reading: ChatReading) => void;
  readonly writeBegun: (id: string, change: PresenceWrite) => void;
  readonly writeAnswered: (id: string) => void;
  readonly ended: () => void;
  readonly saved: (id: string, record: ChatRecord | null) => void;
}

/** What held when a write began. */
export interface Call {
  readonly content: string;
  /** How often the engine had read the chat. */
  readonly readings: number;
  /** The one before was not answered, and whether it landed as a whole can't be read. */
  readonly isRepeat: boolean;
  hasLanded: boolean;
}

export class Life {
  isOver = false;
  readonly #watch: LifeWatch;
  readonly #timers = new Set<Timer>();
  readonly #inFlight = new Map<string, number>();
  #stepsLeft = Number.POSITIVE_INFINITY;

  constructor(watch: LifeWatch) {
    this.#watch = watch;
  }

  /** kill -9 at the given step from now: each call has one before it and one after it, with its answer not yet heard. */
  crashAfter(steps: number): void {
    this.#stepsLeft = steps;
  }

  end(): void {
    this.isOver = true;
    this.#watch.ended();
    for (const timer of this.#timers) timer.stop();
    this.#timers.clear();
  }

  wrap = ({ providers, claims, clock }: RunPorts): RunPorts => ({
    providers: {
      calendar: (account, secrets) => this.#calendar(account.id, providers.calendar(account, secrets)),
      chat: (account, secrets) => this.#chat(account.id, providers.chat(account, secrets)),
    },
    claims: this.#claims(claims),
    clock: this.#clock(clock),
  });

  #calendar(id: string, inner: CalendarProvider): CalendarProvider {
    const { calendarRead } = this.#watch;
    return {
      accountId: id,
      label: inner.label,
      calendarView: (window, zone, signal) =>
        this.#call(
          id,
          () => inner.calendarView(window, zone, signal),
          (events) => calendarRead(id, events),
        ),
    };
  }

  #chat(id: string, inner: ChatProvider): ChatProvider {
    const { chatRead, writeBegun, writeAnswered } = this.#watch;
    return {
      accountId: id,
      label: inner.label,
      capabilities: inner.capabilities,
      read: (signal) =>
        this.#call(
          id,
          () => inner.read(signal),
          (reading) => chatRead(id, reading),
        ),
      write: (change, basis, signal) => {
        // An object of its own: the landing is known by it.
        const sent = { ...change };
        return this.#call(
          id,
          () => {
            writeBegun(id, sent);
            return inner.write(sent, basis, signal);
          },
          () => writeAnswered(id),
        );
      },
    };
  }

  #claims(inner: ClaimStore): ClaimStore {
    return {
      load: () => inner.load(),
      peek: () => inner.peek(),
      save: (id, record) =>
        this.#call(
          `claims of ${id}`,
          async () => {
            await inner.save(id, record);
            this.#watch.saved(id, record);
          },
          () => {},
        ),
    };
  }

  #clock(inner: Clock): Clock {
    return {
      now: () => inner.now(),
      zone: () => inner.zone(),
      random: () => inner.random(),
      after: (delay, call) => {
        if (this.isOver) return { stop: () => {} };
        const timer = inner.after(delay, () => {
          this.#timers.delete(timer);
          call();
        });
        this.#timers.add(timer);
        return {
          stop: () => {
            this.#timers.delete(timer);
            timer.stop();
          },
        };
      },
    };
  }

  /** `heard` runs right before the engine goes on with the answer, with nothing in between. */
  #call<T>(service: string, begin: () => Promise<T>, heard: (answer: T) => void): Promise<T> {
    const never = new Promise<T>(() => {});
    if (!this.#goesOn()) return never;
    const inFlight = (this.#inFlight.get(service) ?? 0) + 1;
    this.#inFlight.set(service, inFlight);
    this.#watch.called(service, inFlight);
    const answer = new Promise<T>((resolve, reject) => {
      const ended = (tell: () => void) => {
        this.#inFlight.set(service, (this.#inFlight.get(service) ?? 1) - 1);
        if (this.#goesOn()) tell();
      };
      begin().then(
        (value) => ended(() => resolve(value)),
        (thrown: unknown) => ended(() => reject(thrown)),
      );
    });
    answer.then(heard, (thrown: unknown) => this.#watch.failed(service, thrown));
    return answer;
  }

  #goesOn(): boolean {
    if (this.isOver) return false;
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) this.end();
    return !this.isOver;
  }
}
