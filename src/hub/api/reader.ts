import type { Logger } from '../../ports/logger.ts';
import type { FeedReader, HubFeed } from '../feed.ts';
import type { HubEvent } from '../model.ts';
import { FeedGone } from '../store/port.ts';
import * as schemas from './schemas.ts';
import type { TokenWatch } from './tokenWatch.ts';

/** What is sent beside changes: `ready` first, `reset` when everything is to be read anew, `bye` when the hub stops. */
export interface Notice {
  readonly kind: 'ready' | 'reset' | 'bye';
  /** The event to go on from. */
  readonly id: number;
}

/** A change in the forms it is sent in, written once for all readers. */
export interface Written {
  /** A WebSocket's frame. */
  readonly frame: Buffer;
  /** A server-sent event, as the WHATWG's HTML standard has it (9.2.5). */
  readonly stream: string;
}

export const streamOf = (event: string, id: number, data: unknown): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const written = new WeakMap<HubEvent, Written>();

function write(event: HubEvent): Written {
  let kept = written.get(event);
  if (kept === undefined) {
    const out = schemas.eventOut(event);
    kept = { frame: Buffer.from(JSON.stringify(out)), stream: streamOf('change', event.id, out) };
    written.set(event, kept);
  }
  return kept;
}

/** One reader, however it is connected. */
export interface Line {
  readonly tokenId: string;
  /** The last event it has seen; undefined: it wants only what is new. */
  readonly after: number | undefined;
  /** The one person whose changes it is sent; undefined: everybody's. */
  readonly only: string | undefined;
  notice(notice: Notice): void;
  change(written: Written): void;
  onClose(call: () => void): void;
  end(why: 'revoked' | 'failed'): void;
}

export interface ReaderDeps {
  readonly feed: HubFeed;
  readonly tokens: TokenWatch;
  readonly logger: Logger;
}

/** Has one reader follow the feed: the greeting, what it has missed, then live, each once and in order. */
export async function attach({ feed, tokens, logger }: ReaderDeps, line: Line): Promise<void> {
  let isClosed = false;
  const stops = [tokens.watch(line.tokenId, () => line.end('revoked'))];
  line.onClose(() => {
    isClosed = true;
    for (const stop of stops) stop();
  });
  // Held back until the greeting has been sent.
  let held: HubEvent[] | null = [];
  const send = (events: readonly HubEvent[]): void => {
    for (const event of events) {
      if (line.only === undefined || line.only === event.record.person.id) line.change(write(event));
    }
  };
  const reader = {
    onEvents: (events: readonly HubEvent[]) => (held === null ? send(events) : void held.push(...events)),
    onReset: () => line.notice({ kind: 'reset', id: feed.head }),
  };
  try {
    const { stop, isGone } = await begin(feed, line.after, reader);
    if (isClosed) return stop();
    stops.push(stop);
    line.notice({ kind: 'ready', id: isGone ? feed.head : (line.after ?? feed.head) });
    if (isGone) reader.onReset();
    const first = held;
    held = null;
    send(first);
  } catch (thrown) {
    logger.warn('A reader could not be started', { name: thrown instanceof Error ? thrown.name : 'unknown' });
    line.end('failed');
  }
}

interface Begun {
  readonly stop: () => void;
  /** What came after the last event it has seen is no longer kept. */
  readonly isGone: boolean;
}

async function begin(feed: HubFeed, after: number | undefined, reader: FeedReader): Promise<Begun> {
  if (after === undefined) return { stop: feed.follow(reader), isGone: false };
  try {
    return { stop: await feed.resume(after, reader), isGone: false };
  } catch (thrown) {
    if (!(thrown instanceof FeedGone)) throw thrown;
    return { stop: feed.follow(reader), isGone: true };
  }
}
