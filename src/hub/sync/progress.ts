import { z } from 'zod';
import { type Instant, MINUTE, SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Documents } from '../store/port.ts';
import type { SyncMetrics } from './metrics.ts';

const COLLECTION = 'sync';
const KEY = 'progress';
const EVERY = 5 * SECOND;
/** What nobody has renewed for so long says nothing any more. */
const COUNTS_FOR = MINUTE;

const stored = z.object({
  at: z.number(),
  people: z.int(),
  stale: z.int(),
  waiting: z.int(),
  lagSeconds: z.number(),
});

/** How far organisation sync is, as all hubs can tell. */
export type SyncProgress = Readonly<z.infer<typeof stored>>;

/** Has the hub that plans say how far it is, for all hubs to read. The returned function ends it. */
export function tellProgress(documents: Documents, metrics: SyncMetrics, clock: Clock): () => void {
  let isOver = false;
  let timer = clock.after(EVERY, tell);
  function tell(): void {
    const at = clock.now();
    const { people, stale, isPlanner } = metrics;
    const value: SyncProgress = { at, people, stale, waiting: metrics.waiting(at), lagSeconds: metrics.lagSeconds(at) };
    const told = isPlanner
      ? documents.put(COLLECTION, KEY, value, at, { expiresAt: at + COUNTS_FOR })
      : Promise.resolve(0);
    // A store that is away is told of elsewhere.
    void told
      .catch(() => 0)
      .then(() => {
        if (!isOver) timer = clock.after(EVERY, tell);
      });
  }
  return () => {
    isOver = true;
    timer.stop();
  };
}

/** Null while no hub plans. */
export async function readProgress(documents: Documents, now: Instant): Promise<SyncProgress | null> {
  const parsed = stored.safeParse((await documents.get(COLLECTION, KEY, now))?.value);
  return parsed.success ? parsed.data : null;
}
