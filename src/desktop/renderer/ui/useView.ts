import { useEffect, useState } from 'preact/hooks';
import type { Envelope } from '../../ipc/contract.ts';

/**
 * What the main process wants to have shown, now and whenever that changes.
 * @param ask for what is shown now: what was told before anybody listened is asked for
 */
export function useView<View>(
  first: View,
  ask: () => Promise<Envelope<View>>,
  listen: (listener: (view: View) => void) => () => void,
): View {
  const [view, setView] = useState(first);
  useEffect(() => {
    const stop = listen(setView);
    void ask().then((now) => (now.ok ? setView(now.value) : undefined));
    return stop;
  }, []);
  return view;
}
