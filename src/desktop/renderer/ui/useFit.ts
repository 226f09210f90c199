import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Bridge } from '../../ipc/contract.ts';

/** Tells the main process how high the content is, at first and whenever that changes. */
export function useFit(content: RefObject<HTMLElement | null>, bridge: Pick<Bridge, 'fit'>): void {
  useEffect(() => {
    const element = content.current;
    if (element === null) return;
    let told = 0;
    const observer = new ResizeObserver(() => {
      const height = Math.ceil(element.getBoundingClientRect().height);
      if (height === told || height === 0) return;
      told = height;
      void bridge.fit(height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [content, bridge]);
}
