import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { isUpToDate as isHubUpToDate } from '../../scripts/hub-settings.ts';
import { picturesOf, SOURCES, wrongPictures } from '../../scripts/pictures.mjs';
import { isUpToDate as isServicesUpToDate } from '../../scripts/services.ts';
import { outdatedFiles, settingsJsonSchema, settingsKeys } from '../../scripts/settings-schema.ts';
import { CALENDAR_NAMES, CHAT_NAMES, PROVIDER_NAMES } from '../../src/core/accounts.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const manifest = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

async function pages(): Promise<readonly string[]> {
  const below = async (folder: string) =>
    (await readdir(join(ROOT, folder), { recursive: true })).map((name) => `${folder}/${name}`);
  const found = [...(await below('docs')), ...(await below('src'))].map((name) => name.replaceAll('\\', '/'));
  return ['README.md', ...found.filter((name) => name.endsWith('.md'))];
}

/** A page without its code: examples link to nothing. */
const prose = (page: string): string =>
  read(page)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives a page's headings. */
const anchorsOf = (page: string): readonly string[] =>
  [
    ...read(page)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** What is wrong with the links of a page, one line each. */
function brokenLinks(page: string): readonly string[] {
  const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    })
    .map((target) => `${page}: ${target}`);
}

describe('the settings pages', () => {
  it('are what the schema makes of them', () => {
    expect(outdatedFiles()).toEqual([]);
  });

  it('name every key', () => {
    const page = read('docs/configuration.md');
    expect(settingsKeys().length).toBeGreaterThan(30);
    expect(settingsKeys().filter((key) => !page.includes(`| \`${key}\` |`))).toEqual([]);
  });

  it('come with a schema that takes what the app takes, and marks what it ignores', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const isValid = ajv.compile(settingsJsonSchema());
    const example = { $schema: 'x', email: 'ada@example.com', rules: { allDay: 'never' } };
    expect(isValid(DEFAULT_SETTINGS)).toBe(true);
    expect(isValid(example)).toBe(true);
    expect(isValid({ organisation: { texts: { 'prompt.submit': 'Gut' } }, recommended: { email: '' } })).toBe(true);
    expect(isValid({ emial: 'ada@example.com' })).toBe(false);
    expect(isValid({ rules: { allday: 'never' } })).toBe(false);
    expect(isValid({ organisation: { texts: { nonsense: 'x' } } })).toBe(false);
    expect(isValid({ recommended: { rules: { allDay: 'sometimes' } } })).toBe(false);
    expect(isValid({ recommended: { recommended: {} } })).toBe(false);
  });

  it('show examples that the schema takes', () => {
    const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(settingsJsonSchema());
    const examples = ['README.md', 'docs/configuration.md'].flatMap((page) =>
      [...read(page).matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, json = '']) => json),
    );
    expect(examples.length).toBeGreaterThan(3);
    expect(examples.filter((json) => !isValid(JSON.parse(json)))).toEqual([]);
  });
});

describe('the page of the hub', () => {
  it('has the settings that the code has', () => {
    expect(isHubUpToDate()).toBe(true);
  });
});

describe('the page of services', () => {
  it('is what the catalogue and the registry make of it', () => {
    expect(isServicesUpToDate()).toBe(true);
  });

  it('names every chat and calendar', () => {
    const page = read('docs/services.md');
    expect([...CALENDAR_NAMES, ...CHAT_NAMES].filter((name) => !page.includes(`| ${PROVIDER_NAMES[name]} |`))).toEqual(
      [],
    );
  });
});

describe('the pictures', () => {
  it('are there, have words, and are screenshots that the script knows', async () => {
    expect((await pages()).flatMap(picturesOf).length).toBeGreaterThan(5);
    expect(wrongPictures()).toEqual([]);
  });

  it('have a test that takes each', async () => {
    const folder = join(ROOT, 'test/e2e');
    const tests = (await readdir(folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => read(`test/e2e/${name}`));
    // Some names are put together: 'welcome-try-light' of 'welcome-', a step and a theme.
    const isTaken = (source: string): boolean => {
      const [first = ''] = source.split('-');
      return tests.some((test) => test.includes(`'${source}'`) || test.includes(`\`${first}-`));
    };
    expect(Object.values(SOURCES).filter((source) => !isTaken(source))).toEqual([]);
  });
});

describe('the pages', () => {
  it('link to what is there', async () => {
    const found = await pages();
    expect(found.length).toBeGreaterThan(10);
    expect(found.flatMap(brokenLinks)).toEqual([]);
  });

  it('name npm scripts that exist', async () => {
    const named = (await pages()).flatMap((page) =>
      [...read(page).matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, script = '']) => script),
    );
    expect(named).toContain('demo');
    expect([...new Set(named)].filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('list every decision', async () => {
    const index = read('docs/decisions/README.md');
    const files = (await readdir(join(ROOT, 'docs/decisions'))).filter((name) => name !== 'README.md');
    expect(files.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });

  it('say why each dependency is there, and name no other', () => {
    const [, chapter = ''] = read('README.md').split('## Why which dependency');
    const [table = ''] = chapter.split('\n## ');
    const listed = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    const wanted = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(listed.toSorted()).toEqual(wanted.toSorted());
  });
});
