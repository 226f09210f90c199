import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { SECOND } from '../../core/time.ts';
import type { HubApi } from './api.ts';
import type { SyncOut } from './model.ts';
import { syncText } from './syncText.ts';
import type { Words } from './words.ts';

const LOOK = 15 * SECOND;

interface SyncLineProps {
  readonly api: Pick<HubApi, 'sync'>;
  readonly words: Words;
}

/** How far the organisation's calendars have been read; nothing where the hub reads none. */
export function SyncLine({ api, words }: SyncLineProps): JSX.Element | null {
  const [sync, setSync] = useState<SyncOut | null>(null);
  useEffect(() => {
    let isOver = false;
    const look = (): void => {
      // The connection's own line tells of trouble.
      api.sync().then(
        (found) => isOver || setSync(found),
        () => {},
      );
    };
    look();
    const timer = setInterval(look, LOOK);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [api]);
  return sync === null ? null : <p class="sync">{syncText(sync, words)}</p>;
}
