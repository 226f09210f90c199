import { SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import type { Compiled } from './compile.ts';

/** The text of a stack with the lines of the files as they were written, not as they were compiled. */
export function originalLines(stack: string, { file, map }: Compiled): string {
  if (!stack.includes(file)) return stack;
  const source = new SourceMap(JSON.parse(map));
  return stack
    .split(file)
    .map((part, index) => {
      if (index === 0) return part;
      const place = /^:(\d+):(\d+)/.exec(part);
      if (place === null) return file + part;
      const entry = source.findEntry(Number(place[1]) - 1, Number(place[2]) - 1);
      if (!('originalSource' in entry)) return file + part;
      const where = `${join(dirname(file), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      return where + part.slice(place[0].length);
    })
    .join('');
}
