import { useEffect, useState } from 'preact/hooks';

const AT_FIRST = 60;
const AT_ONCE = 120;

/** How much of a long list to draw: a screen at once, the rest bit by bit, so that the page never stands still. */
export function useGrowing(length: number): number {
  const [limit, setLimit] = useState(AT_FIRST);
  const drawn = Math.min(limit, length);
  useEffect(() => {
    // A list that became short begins anew when it is long again.
    if (limit > Math.max(length, AT_FIRST)) setLimit(Math.max(length, AT_FIRST));
    if (limit >= length) return;
    const timer = setTimeout(() => setLimit(limit + AT_ONCE), 0);
    return () => clearTimeout(timer);
  }, [limit, length]);
  return drawn;
}
