import type { NoteBlock } from './updateState.ts';

/** More than anybody reads; a feed may not fill the memory or a window. */
const MOST_BLOCKS = 120;
const LONGEST_BLOCK = 600;
const LONGEST_NOTES = 40_000;
/** Of a list of versions. */
const MOST_VERSIONS = 20;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  bull: '•',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
};

/** Controls, and marks that turn or hide text (Unicode bidi controls, zero-width characters, tags). */
const UNSEEN = /[\p{Cc}\p{Cs}\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

const isMarkup = (text: string): boolean =>
  /<\/?(p|ul|ol|li|h[1-6]|div|br|strong|em|b|i|a|code|pre|span)\b[^<>]*>/i.test(text);

function decoded(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    const isNumber = name.startsWith('#');
    const code = isNumber ? Number(/^#x/i.test(name) ? `0x${name.slice(2)}` : name.slice(1)) : Number.NaN;
    if (isNumber) return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' ';
    return ENTITIES[name] ?? whole;
  });
}

/** HTML as lines in the manner of Markdown. No tag is left: what is shown is text, whatever a tag may have meant. */
const linesOfMarkup = (html: string): string =>
  decoded(
    html
      .replaceAll(/<!--[\s\S]*?(-->|$)/g, ' ')
      .replaceAll(/<(script|style|head|title|template)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
      .replaceAll(/[\t\n\r ]+/g, ' ')
      .replaceAll(/<li\b[^<>]*>/gi, '\n- ')
      .replaceAll(/<h[1-6]\b[^<>]*>/gi, '\n\n# ')
      .replaceAll(/<br\b[^<>]*>/gi, '\n\n')
      .replaceAll(/<\/?(p|div|ul|ol|li|h[1-6]|pre|table|tr|section|article|blockquote|hr)\b[^<>]*>/gi, '\n\n')
      .replaceAll(/<[^>]*>?/g, ''),
  );

/** Without the marks of Markdown within a line. A link is its text. */
const plain = (line: string): string =>
  line
    .replaceAll(UNSEEN, '')
    .replaceAll(/!?\[([^[\]]{0,300})\]\([^()]{0,500}\)/g, '$1')
    .replaceAll(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replaceAll(/\s+/g, ' ')
    .trim();

const cut = (text: string): string => {
  const letters = [...text];
  return letters.length > LONGEST_BLOCK ? `${letters.slice(0, LONGEST_BLOCK).join('').trimEnd()}…` : text;
};

function blocksOf(written: string): NoteBlock[] {
  const given = written.slice(0, LONGEST_NOTES);
  const lines = (isMarkup(given) ? linesOfMarkup(given) : given).split(/\r\n|[\n\r]/);
  const blocks: { kind: NoteBlock['kind']; text: string }[] = [];
  /** Lines that follow one another are one paragraph, or go on with the item. */
  let goesOn = false;
  for (const line of lines) {
    const [, item] = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(.*)$/.exec(line) ?? [];
    const [, heading] = /^\s*#{1,6}\s+(.*)$/.exec(line) ?? [];
    const text = plain(item ?? heading ?? line);
    const last = blocks.at(-1);
    if (text === '') goesOn = false;
    else if (heading !== undefined) blocks.push({ kind: 'heading', text });
    else if (item !== undefined) blocks.push({ kind: 'item', text });
    else if (goesOn && last !== undefined) last.text = `${last.text} ${text}`;
    else blocks.push({ kind: 'text', text });
    if (text !== '') goesOn = heading === undefined;
  }
  return blocks;
}

const isNote = (value: unknown): value is { readonly version: string; readonly note: unknown } =>
  typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string';

/**
 * What a feed says is new, as plain text in a bounded number of blocks. It is taken from whatever was written there: text,
 * Markdown, HTML, or a list of versions with theirs. Anything else is no notes.
 */
export function releaseNotes(given: unknown): readonly NoteBlock[] {
  const blocks =
    typeof given === 'string'
      ? blocksOf(given)
      : Array.isArray(given)
        ? given
            .filter(isNote)
            .slice(0, MOST_VERSIONS)
            .flatMap(({ version, note }): NoteBlock[] => [
              { kind: 'heading', text: plain(version) },
              ...(typeof note === 'string' ? blocksOf(note) : []),
            ])
        : [];
  return blocks.slice(0, MOST_BLOCKS).map(({ kind, text }) => ({ kind, text: cut(text) }));
}
