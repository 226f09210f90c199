import type { Logger } from '../../ports/logger.ts';
import type { HubFeed } from '../feed.ts';
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
  /** Whether so much waits to go out that no more should be added than is live. */
  isFull(): boolean;
  /** Resolves when what was sent has gone out, or the line is closed. */
  flushed(): Promise<void>;
  end(why: 'revoked' | 'failed'): void;
}

export interface ReaderDeps {
  readonly feed: HubFeed;
  readonly tokens: TokenWatch;
  readonly logger: Logger;
}

/** Events that are read at once for a reader that was away. */
const PAGE = 200;

/**
 * Has one reader follow the feed: the greeting, what it has missed, then live, each once and in order. What was missed is read page by
 * page, as fast as it goes out: however far back a reader begins, and however slowly it reads, only a page is in memory.
 */
export async function attach({ feed, tokens, logger }: ReaderDeps, line: Line): Promise<void> {
  const stops = [tokens.watch(line.tokenId, () => line.end('revoked'))];
  const state = { isClosed: false, isLive: false, isReset: false, last: line.after ?? feed.head };
  const send = (event: HubEvent): void => {
    state.last = event.id;
    if (line.only === undefined || line.only === event.record.person.id) line.change(write(event));
  };
  const goLive = (): void => {
    state.isLive = true;
  };
  const reset = (): void => {
    state.last = feed.head;
    line.notice({ kind: 'reset', id: feed.head });
    goLive();
  };
  line.onClose(() => {
    state.isClosed = true;
    for (const stop of stops) stop();
  });
  stops.push(
    feed.follow({
      onEvents: (events) => {
        if (!state.isLive) return;
        for (const event of events) if (event.id > state.last) send(event);
      },
      onReset: () => {
        if (state.isLive) reset();
        else state.isReset = true;
      },
    }),
  );
  try {
    const isGone = line.after !== undefined && (await hasGone(feed, line.after));
    if (state.isClosed) return;
    line.notice({ kind: 'ready', id: isGone ? feed.head : state.last });
    if (isGone) return reset();
    while (!state.isClosed) {
      // Nothing happens between this look and being live.
      if (state.isReset) return reset();
      const { head } = feed;
      if (head <= state.last) return goLive();
      const events = await feed.read(state.last, PAGE);
      if (events.length === 0) state.last = Math.max(state.last, head);
      for (const event of events) {
        if (line.isFull()) await line.flushed();
        if (state.isClosed) return;
        send(event);
      }
    }
  } catch (thrown) {
    if (thrown instanceof FeedGone && !state.isClosed) return reset();
    logger.warn('A reader could not be started', { name: thrown instanceof Error ? thrown.name : 'unknown' });
    line.end('failed');
  }
}

/** Whether what comes after this place is no longer all kept. */
async function hasGone(feed: HubFeed, after: number): Promise<boolean> {
  try {
    await feed.checkPlace(after);
    await feed.read(after, 1);
    return false;
  } catch (thrown) {
    if (thrown instanceof FeedGone) return true;
    throw thrown;
  }
}
