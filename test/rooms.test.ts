import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may know whom (DESIGN section 3, `src/README.md`). Names are folders under `src`; `*` stands for one folder. */
interface Room {
  readonly path: string;
  /** Rooms it may import from, itself always included. */
  readonly knows: readonly string[];
  /** Packages it may import; null for any. */
  readonly packages: readonly string[] | null;
}

const SCHEMA = ['zod'];
/** What every provider may use. */
const SHARED = ['adapters/http.ts', 'adapters/loopback.ts'];

const ROOMS: readonly Room[] = [
  { path: 'core', knows: [], packages: SCHEMA },
  { path: 'ports', knows: ['core'], packages: [] },
  { path: 'engine', knows: ['core', 'ports'], packages: [] },
  {
    path: 'adapters/calendar/registry.ts',
    knows: ['core', 'ports', 'adapters/calendar', ...SHARED],
    packages: [],
  },
  { path: 'adapters/chat/registry.ts', knows: ['core', 'ports', 'adapters/chat', ...SHARED], packages: [] },
  {
    path: 'adapters/providers.ts',
    knows: ['core', 'ports', 'adapters/calendar/registry.ts', 'adapters/chat/registry.ts', 'adapters/http.ts'],
    packages: [],
  },
  { path: 'adapters/http.ts', knows: ['core', 'ports'], packages: SCHEMA },
  { path: 'adapters/loopback.ts', knows: ['core', 'ports'], packages: [] },
  { path: 'adapters/calendarParts.ts', knows: ['core', 'ports', 'adapters/loopback.ts'], packages: [] },
  // iCalendar as the calendars that speak it share it; pure.
  { path: 'adapters/calendar/icalendar', knows: ['core'], packages: SCHEMA },
  {
    path: 'adapters/calendar/*',
    knows: ['core', 'ports', 'adapters/calendarParts.ts', 'adapters/calendar/icalendar', ...SHARED],
    packages: null,
  },
  { path: 'adapters/chat/*', knows: ['core', 'ports', ...SHARED], packages: null },
  { path: 'adapters/node', knows: ['core', 'ports', 'adapters/http.ts'], packages: null },
  { path: 'adapters/electron', knows: ['core', 'ports', 'adapters/http.ts'], packages: null },
  { path: 'desktop/ipc', knows: ['core'], packages: SCHEMA },
  { path: 'desktop/preload', knows: ['desktop/ipc', 'core'], packages: ['electron'] },
  { path: 'desktop/renderer', knows: ['desktop/ipc', 'core'], packages: ['preact', 'preact/hooks'] },
  {
    path: 'desktop/main',
    knows: ['desktop/ipc', 'desktop/sample', 'engine', 'adapters', 'core', 'ports'],
    packages: null,
  },
  // Shipped, while the sandbox's own packages are not: it takes of it what needs none.
  { path: 'desktop/sample', knows: ['sandbox', 'core', 'ports'], packages: [] },
  { path: 'cli', knows: ['engine', 'adapters', 'core', 'ports'], packages: null },
  // The team's page, in the browser.
  { path: 'hub/page', knows: ['core'], packages: ['preact', 'preact/hooks'] },
  { path: 'hub', knows: ['engine', 'adapters', 'core', 'ports'], packages: null },
  { path: 'sandbox', knows: ['core', 'ports'], packages: null },
];

const SRC = join(import.meta.dirname, '../src');

async function sources(): Promise<readonly string[]> {
  const entries = await readdir(SRC, { recursive: true });
  return entries.filter((name) => /\.tsx?$/.test(name)).map((name) => name.replaceAll('\\', '/'));
}

/** Whether `file` (relative to `src`) lies in `room`. */
function isIn(file: string, room: string): boolean {
  const pattern = room.split('/').map((part) => (part === '*' ? '[^/]+' : part.replaceAll('.', '\\.')));
  return new RegExp(`^${pattern.join('/')}(/|$)`).test(file);
}

const roomOf = (file: string) => ROOMS.find(({ path }) => isIn(file, path));

/** What a file imports, statically, by `import()` or by `export … from`. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /(?:^|[;}\s])(?:import|export)\b[^'"();]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...found].flatMap(([, fromStatic, fromCall]) => fromStatic ?? fromCall ?? []);
}

/** The sentence that says what is wrong with one import; null when nothing is. */
function judge(file: string, target: string): string | null {
  const room = roomOf(file);
  if (room === undefined) return `${file} lies in no room`;
  if (!target.startsWith('.')) {
    const isNode = target.startsWith('node:');
    if (
      isNode &&
      ['core', 'ports', 'engine', 'desktop/ipc', 'desktop/renderer', 'desktop/preload', 'hub/page'].includes(room.path)
    ) {
      return `${file} imports ${target}: no Node in ${room.path}`;
    }
    return isNode || room.packages === null || room.packages.includes(target)
      ? null
      : `${file} imports ${target}: not a package of ${room.path}`;
  }
  const path = relative(SRC, join(SRC, dirname(file), target))
    .replaceAll('\\', '/')
    .replace(/\?.*$/, '');
  if (path.startsWith('..')) return `${file} imports ${target}: outside src`;
  const isOwnFolder = room.path.endsWith('*')
    ? isIn(path, file.split('/').slice(0, room.path.split('/').length).join('/'))
    : isIn(path, room.path);
  return isOwnFolder || room.knows.some((known) => isIn(path, known))
    ? null
    : `${file} imports ${path}: ${room.path} may not`;
}

describe('rooms', async () => {
  const files = await sources();

  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(importsOf('engine/syncEngine.ts')).toContain('../core/syncState.ts');
  });

  it('keeps every import inside the rules', () => {
    const wrong = files.flatMap((file) => importsOf(file).flatMap((target) => judge(file, target) ?? []));
    expect(wrong).toEqual([]);
  });

  it('sees what breaks them', () => {
    expect(judge('core/time.ts', '../ports/clock.ts')).toContain('may not');
    expect(judge('core/time.ts', 'node:fs')).toContain('no Node');
    expect(judge('engine/syncEngine.ts', '../adapters/http.ts')).toContain('may not');
    expect(judge('adapters/chat/slack/client.ts', '../hipchat/client.ts')).toContain('may not');
    expect(judge('adapters/calendar/caldav/client.ts', '../ics/client.ts')).toContain('may not');
    expect(judge('adapters/calendar/caldav/provider.ts', '../icalendar/parse.ts')).toBeNull();
    expect(judge('adapters/calendar/icalendar/parse.ts', '../../http.ts')).toContain('may not');
    expect(judge('adapters/chat/slack/client.ts', '../../../engine/accounts.ts')).toContain('may not');
    expect(judge('cli/main.ts', '../desktop/main/main.ts')).toContain('may not');
    expect(judge('desktop/renderer/prompt/main.tsx', 'electron')).toContain('not a package');
    expect(judge('hub/page/main.tsx', 'node:fs')).toContain('no Node');
    expect(judge('hub/page/main.tsx', '../model.ts')).toContain('may not');
    expect(judge('sandbox/graph.ts', '../adapters/http.ts')).toContain('may not');
    expect(judge('desktop/sample/stage.ts', '../../sandbox/ics.ts')).toBeNull();
    expect(judge('desktop/sample/stage.ts', '../../adapters/http.ts')).toContain('may not');
    expect(judge('desktop/main/commands.ts', '../../sandbox/ics.ts')).toContain('may not');
  });

  it('keeps time and chance out of core and engine', () => {
    const impure = files
      .filter((file) => /^(core|engine|ports)\//.test(file))
      .filter((file) =>
        /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|process)\b/.test(
          readFileSync(join(SRC, file), 'utf8'),
        ),
      );
    expect(impure).toEqual([]);
  });
});
