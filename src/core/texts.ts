import { DE } from './texts/de.ts';
import { EN } from './texts/en.ts';

export { REPLACEABLE } from './texts/en.ts';

/** The languages that there are texts in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

export type TextKey = keyof typeof EN;
export type TextOverrides = Readonly<Partial<Record<TextKey, string>>>;

/** How a person is spoken to. */
export interface Speech {
  readonly language: Language;
  /** For dates, times, numbers and lists (BCP 47): the language with the person's region, such as `en-DE`. */
  readonly locale: string;
  /** The organisation's own words. */
  readonly overrides: TextOverrides;
}

/** For what only programs and logs read, and for the command line. */
export const ENGLISH: Speech = { language: 'en', locale: 'en-GB', overrides: {} };

const CATALOGUES: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en: EN, de: DE };

/** The text of `key`, with its `{marks}` filled in. */
export function text(key: TextKey, speech: Speech, marks: Readonly<Record<string, string>> = {}): string {
  const found = speech.overrides[key] ?? CATALOGUES[speech.language][key];
  return found.replaceAll(/\{(\w+)\}/g, (mark, name: string) => marks[name] ?? mark);
}

/** What the system says of the person. Both are BCP 47 tags; the first preferred language comes first. */
export interface SystemLocale {
  readonly languages: readonly string[];
  /** Which dates and numbers are wanted, such as `de-DE`. */
  readonly region: string;
}

/** @param chosen the person's setting; `system` follows the first of their languages that there are texts in */
export function speechOf(chosen: Language | 'system', system: SystemLocale, overrides: TextOverrides): Speech {
  const preferred = system.languages.flatMap((tag) => LANGUAGES.find((one) => one === partOf(tag, 'language')) ?? []);
  const language = chosen === 'system' ? (preferred[0] ?? 'en') : chosen;
  const region = partOf(system.region, 'region');
  return { language, locale: region === '' ? language : `${language}-${region}`, overrides };
}

/** Empty where the tag has none, or is none. Linux may add more after an `@`, such as `de-DE@currency=EUR`. */
function partOf(tag: string, part: 'language' | 'region'): string {
  try {
    return new Intl.Locale(tag.replace(/@.*$/, ''))[part] ?? '';
  } catch {
    return '';
  }
}
