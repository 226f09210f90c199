/** What HipChat's expressions write otherwise than JavaScript's. */
const OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [/\\x\{([0-9a-f]{1,6})\}/gi, '\\u{$1}'],
  [/\\A/g, '^'],
  [/\\[zZ]/g, '$$'],
  [/\(\?P</g, '(?<'],
];

/**
 * A webhook's `pattern` as HipChat understood it: looked for anywhere in the message, with flags at the start (`(?i)`) and
 * code points as `\x{…}`, which is how Atlassian's framework writes them. Null when it is no expression.
 */
export function compilePattern(pattern: string): RegExp | null {
  const [, letters = '', rest = pattern] = /^\(\?([a-z]+)\)(.*)$/s.exec(pattern) ?? [];
  const flags = [...new Set(letters)].filter((letter) => 'ims'.includes(letter)).join('');
  let source = rest;
  for (const [found, put] of OTHERWISE) source = source.replace(found, put);
  // `\u{…}` needs the flag `u`, which otherwise refuses what the old expressions allow, such as `\-`.
  for (const unicode of source.includes('\\u{') ? ['u'] : ['', 'u']) {
    try {
      return new RegExp(source, flags + unicode);
    } catch {
      // perhaps with the other flag
    }
  }
  return null;
}
