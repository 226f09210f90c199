/** The marks of a status text. `until` is the end of the interval; the others are the event's own words. */
export const MARKS = ['until', 'subject', 'location'] as const;
export type Mark = (typeof MARKS)[number];

/** What stands for the marks; empty: the mark vanishes. */
export type Marks = Readonly<Record<Mark, string>>;

/** The marks that a template has, each once. */
export const marksIn = (template: string): readonly Mark[] => MARKS.filter((mark) => template.includes(`{${mark}}`));

/** Stands for a mark that is empty, until what is around it is tidied up. Of no alphabet, and taken out of all that comes in. */
const HOLE = '\uE000';

/** What only ties a mark to what is around it: separators, an emoji or its short name, and spaces. */
const GLUE = String.raw`(?::[a-z0-9_+-]+:|[\s:;,|/\\·•–—→@+&~-]|\p{Extended_Pictographic}\uFE0F?)`;
const OPENING = `[([{<«„“‘"]`;
const CLOSING = String.raw`[)\]}>»“”’"]`;

const NEIGHBOURS = new RegExp(`${HOLE}${GLUE}*${HOLE}`, 'gu');
const BRACKETED = new RegExp(`${OPENING}${GLUE}*${HOLE}${GLUE}*${CLOSING}`, 'gu');
const GLUE_AT_END = new RegExp(`${GLUE}+$`, 'u');
const GLUE_AT_START = new RegExp(`^${GLUE}+`, 'u');
const OPENING_AT_END = new RegExp(`(?:^|${OPENING})$`, 'u');
const GLUE_BEFORE_END = new RegExp(`^${GLUE}*(?=$|${CLOSING})`, 'u');

/**
 * A status text with its marks filled in. A mark that is empty vanishes with what ties it to the rest: "In a meeting:
 * {subject}" becomes "In a meeting", "{subject} ({until})" becomes "(11:00)". Words stay, so "at {location}" leaves "at".
 * What is not one of our marks stays as it is; what is filled in is not looked through for marks.
 */
export function fillTemplate(template: string, marks: Marks): string {
  const filled = template
    .replaceAll(HOLE, '')
    .replaceAll(/\{(until|subject|location)\}/g, (_, mark: Mark) => plain(marks[mark]) || HOLE);
  return filled.includes(HOLE) ? withoutHoles(filled) : filled;
}

/** One line, without what could change how the rest is shown: line breaks, control characters, marks of direction. */
const plain = (value: string): string =>
  value
    .replaceAll(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uE000]/g, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();

function withoutHoles(text: string): string {
  let [before, merged] = ['', text];
  while (merged !== before) {
    before = merged;
    merged = merged.replace(NEIGHBOURS, HOLE).replace(BRACKETED, HOLE);
  }
  const [first = '', ...rest] = merged.split(HOLE);
  return rest.reduce(joined, first).trim();
}

/** What was before a mark and what was after it: one separator is enough between them, none at either end. */
function joined(before: string, after: string): string {
  const kept = before.replace(GLUE_AT_END, '');
  if (OPENING_AT_END.test(kept)) return kept + after.replace(GLUE_AT_START, '');
  const rest = after.replace(GLUE_BEFORE_END, '');
  return /^[\p{L}\p{N}]/u.test(rest) ? `${kept} ${rest}` : kept + rest;
}
