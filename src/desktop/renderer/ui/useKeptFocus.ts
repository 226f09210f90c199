import { useEffect } from 'preact/hooks';

const FOCUSABLE = 'button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex="0"]';

/**
 * Focus is never lost: when what had it has gone, such as a button that did its work, the first control of the same
 * `data-focus-home` takes it over. After every rendering.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let home: Element | null = null;
    const onFocus = ({ target }: FocusEvent): void => {
      home = target instanceof Element ? target.closest('[data-focus-home]') : null;
    };
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body || home?.isConnected !== true) return;
      home.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    });
    document.addEventListener('focusin', onFocus);
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    return () => {
      document.removeEventListener('focusin', onFocus);
      observer.disconnect();
    };
  }, []);
}
