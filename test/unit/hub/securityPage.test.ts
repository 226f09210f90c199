import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

/** The rows of all tables on the page, by their cells. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'))
  .map((line) => line.slice(2, -2).split(' | '));

const testsOf = (cell: string) =>
  [...cell.matchAll(/`([\w/-]+)`: \*([^*]+)\*/g)].map(([, file = '', name = '']) => ({ file, name }));

/** Whether a test file has a test of that name, as it is written in the code. */
function hasTest({ file, name }: { readonly file: string; readonly name: string }): boolean {
  const path = join(ROOT, 'test', `${file}.test.ts`);
  if (!existsSync(path)) return false;
  const code = readFileSync(path, 'utf8').replaceAll("\\'", "'");
  return [`'${name}',`, `"${name}",`, `\`${name}\`,`].some((written) => code.includes(written));
}

describe('docs/security.md', () => {
  it('has a threat, what stops it and a test on every line', () => {
    expect(rows.length).toBeGreaterThan(35);
    const incomplete = rows.filter((cells) => cells.length !== 3 || testsOf(cells[2] ?? '').length === 0);
    expect(incomplete).toEqual([]);
  });

  it('names tests that there are', () => {
    expect(rows.flatMap(([, , cell = '']) => testsOf(cell)).filter((test) => !hasTest(test))).toEqual([]);
    expect(hasTest({ file: 'contract/hub-limits', name: 'no such test' })).toBe(false);
    expect(hasTest({ file: 'contract/no-such-file', name: 'refuses a body that is too large' })).toBe(false);
  });
});
