import { AppError } from '../../core/appError.ts';

/** One that has two cases of one character each, as ß has not. */
const isLetter = (one: string): boolean => {
  const [lower, upper] = [one.toLowerCase(), one.toUpperCase()];
  return lower !== upper && lower.length === one.length && upper.length === one.length;
};
const eitherCase = (one: string): string => (isLetter(one) ? `${one.toUpperCase()}${one.toLowerCase()}` : one);

/** A character class in either case: `[a-f_]` → `[A-Fa-f_]`. */
function caselessClass(inner: string): string {
  return inner.replaceAll(/\\.|([^\\])-([^\\])|[^\\]/gs, (part, from?: string, to?: string) => {
    if (part.startsWith('\\')) return part;
    if (from === undefined || to === undefined) return eitherCase(part);
    return isLetter(from) && isLetter(to)
      ? `${from.toUpperCase()}-${to.toUpperCase()}${from.toLowerCase()}-${to.toLowerCase()}`
      : part;
  });
}

/** What JavaScript and Python read alike: escapes, classes, group heads, one character. */
const TOKEN = /\\(?:u[\da-f]{4}|x[\da-f]{2}|.)|\[((?:\\.|[^\]\\])*)\]|\((?:\?(?:[:=!]|<[=!]))?|./gis;

/**
 * A webhook's pattern as chat servers take it: the text of a regular expression. They know no flags, so "any case" is written out:
 * `/^\/echo/i` → `^\/[Ee][Cc][Hh][Oo]`. Throws `invalidInput` for what can't be told to a server.
 */
export function patternText(pattern: RegExp | string): string {
  if (typeof pattern === 'string') {
    compile(pattern);
    return pattern;
  }
  const { source, flags } = pattern;
  if (/[^i]/.test(flags)) {
    throw new AppError(
      'invalidInput',
      `The pattern ${pattern} has flags that chat servers don't know. Only i is understood.`,
    );
  }
  if (flags === '') return source;
  if (/\(\?</.test(source) && !/\(\?<[=!]/.test(source)) {
    throw new AppError('invalidInput', `The pattern ${pattern} names a group: chat servers don't all understand that.`);
  }
  return source.replaceAll(TOKEN, (token, inner?: string) => {
    if (token.startsWith('\\') || token.startsWith('(')) return token;
    if (inner !== undefined) return `[${caselessClass(inner)}]`;
    return isLetter(token) ? `[${eitherCase(token)}]` : token;
  });
}

/** The pattern for us; null where only the server can read it (Python's `(?i)…`). */
export function compile(text: string): RegExp | null {
  try {
    return new RegExp(text, 'u');
  } catch {
    try {
      return new RegExp(text);
    } catch {
      return null;
    }
  }
}
