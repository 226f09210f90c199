/** What a fault applies to; absent parts match everything. */
export interface FaultMatch {
  method?: string;
  /** A string is matched against the start of the decoded path, a pattern against the whole. */
  path?: string | RegExp;
}

/** Trouble on demand. With neither `status` nor `drop` the request is only delayed and then handled as usual. */
export interface Fault {
  match?: FaultMatch;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** How many requests it hits; default 1, `Infinity` until cleared. */
  times?: number;
  /** Wait this long first. */
  delayMs?: number;
  /**
   * Close the connection without an answer: `before` the service has acted on the request, or `after` it has (the
   * write is done, the answer is lost). `true` means `before`.
   */
  drop?: boolean | 'before' | 'after';
}

/** The faults that wait to happen on one stand-in. */
export interface Faults {
  add(fault: Fault): () => void;
  /** Takes one use of the first fault that matches. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

function hits(match: FaultMatch | undefined, method: string, path: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  return typeof match.path === 'string' ? path.startsWith(match.path) : match.path.test(path);
}

/** No fault yet. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    take(method, path) {
      const entry = waiting.find(({ fault }) => hits(fault.match, method, path));
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry);
      return entry.fault;
    },
    clear() {
      waiting = [];
    },
  };
}
