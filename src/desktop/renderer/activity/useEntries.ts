import { useEffect, useState } from 'preact/hooks';
import type { ActivityEntry } from '../../../core/activity.ts';
import type { Bridge } from '../../ipc/contract.ts';

type Entries = readonly ActivityEntry[];

/** What is kept, the oldest first, and what comes; null until it is known. */
export function useEntries(bridge: Pick<Bridge, 'activityEntries' | 'activityAdded'>): Entries | null {
  const [entries, setEntries] = useState<Entries | null>(null);
  useEffect(() => {
    let isOver = false;
    // What was told before the answer came is in the answer.
    const stop = bridge.activityAdded((entry) => setEntries((known) => (known === null ? null : [...known, entry])));
    void bridge.activityEntries(null).then((answer) => {
      if (answer.ok && !isOver) setEntries(answer.value);
    });
    return () => {
      isOver = true;
      stop();
    };
  }, [bridge]);
  return entries;
}
