import { useEffect } from 'preact/hooks';
import type { Language } from '../../../core/texts.ts';

/** Languages that are written from right to left, for when there are texts in one. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);
const directionOf = (language: string): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr');

/** Tells the page its language, direction and title. */
export function usePage(language: Language, title: string): void {
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
    document.title = title;
  }, [language, title]);
}
