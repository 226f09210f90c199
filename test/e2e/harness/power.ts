import { Variant } from 'dbus-next';
import type { Bus } from './bus.ts';

const LOGIN = 'org.freedesktop.login1';
const MANAGER = 'org.freedesktop.login1.Manager';
const PATH = '/org/freedesktop/login1';

/**
 * The machine's sleep, as systemd-logind tells it. In a session of `withDesktop` the system bus is the session's own bus, so
 * that Electron's powerMonitor listens here.
 */
export class Power {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async start(): Promise<void> {
    // Inhibit stays unanswered on purpose: it hands out a file descriptor, and Electron does without.
    this.#bus.serve({
      path: PATH,
      interface: MANAGER,
      methods: {},
      properties: { PreparingForSleep: () => new Variant('b', false) },
    });
    await this.#bus.own(LOGIN);
  }

  /** The machine is about to sleep. */
  sleep(): void {
    this.#bus.emit(PATH, MANAGER, 'PrepareForSleep', 'b', [true]);
  }

  /** The machine woke. */
  wake(): void {
    this.#bus.emit(PATH, MANAGER, 'PrepareForSleep', 'b', [false]);
  }
}
