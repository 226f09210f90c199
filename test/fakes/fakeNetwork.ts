import type { AppError } from '../../src/core/appError.ts';
import type { Instant } from '../../src/core/time.ts';
import type { NetworkProbe, Route, TrustedFile } from '../../src/ports/networkProbe.ts';

/** A network in memory: everything is reached directly and says no time, unless told otherwise. */
export class FakeNetwork implements NetworkProbe {
  online = true;
  files: readonly TrustedFile[] = [];
  /** By origin. */
  readonly routes = new Map<string, Route>();
  readonly failures = new Map<string, AppError>();
  /** By origin: the servers' clocks. */
  readonly dates = new Map<string, Instant>();
  /** Origins that were reached for, in order. */
  readonly reached: string[] = [];
  /** Origins that never answer. */
  readonly silent = new Set<string>();

  isOnline(): boolean {
    return this.online;
  }

  async route(origin: string): Promise<Route> {
    return this.routes.get(origin) ?? { proxy: null, from: 'environment' };
  }

  async reach(origin: string, signal: AbortSignal): Promise<Instant | null> {
    this.reached.push(origin);
    if (this.silent.has(origin)) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    }
    const failure = this.failures.get(origin);
    if (failure !== undefined) throw failure;
    return this.dates.get(origin) ?? null;
  }

  trustedFiles(): readonly TrustedFile[] {
    return this.files;
  }
}
