// Copies the pictures of the documentation from what the last end-to-end run has seen (test/e2e/.screenshots) to docs/pictures.
//
//   npm run pictures              copies them, says which the run has not taken; exit code 1 if one of those is not there at all
//   npm run pictures -- --check   looks only: each picture that a page shows is there, and this script says where it comes from
//
// The results are committed. A picture shows the day of the run, so it is never the same twice: the pixels are not
// compared, and the words beside it name no time. Take them by day: near midnight there is little of a day to see.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const SCREENSHOTS = join(root, 'test', 'e2e', '.screenshots');
const PICTURES = join(root, 'docs', 'pictures');

/** Each picture of the documentation, and the screenshot that it is; both without `.png`. The test that takes it is behind it. */
export const SOURCES = {
  today: 'today-light', // today.test.ts
  'today-dark': 'today-dark',
  'today-trouble': 'today-trouble',
  welcome: 'welcome-try-light', // welcome.test.ts
  'preferences-rules': 'preferences-rules-draft', // preferences.test.ts
  why: 'why-light', // activity.test.ts
  activity: 'activity-light',
  'hub-page': 'hub-page-light', // hub-page.test.ts, on a machine that has a font with emoji
};

/** The pages that may show pictures, from the root. */
function pages() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.split(sep).join('/')}`);
  return ['README.md', ...docs, 'src/README.md'];
}

/**
 * The pictures that a page shows.
 *
 * @param {string} page from the root
 * @returns {{ alt: string, file: string }[]} `file` from the root
 */
export function picturesOf(page) {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, alt, target]) => ({
    alt,
    file: relative(root, join(root, dirname(page), target))
      .split(sep)
      .join('/'),
  }));
}

/** What is wrong with the pictures of the pages, one line each. */
export function wrongPictures() {
  const shown = pages().flatMap((page) => picturesOf(page).map((picture) => ({ page, ...picture })));
  const kept = existsSync(PICTURES) ? readdirSync(PICTURES) : [];
  const nameOf = (file) => /^docs\/pictures\/([^/]+)\.png$/.exec(file)?.[1] ?? '';
  return [
    ...shown.filter(({ file }) => !existsSync(join(root, file))).map(({ page, file }) => `${page}: ${file} is missing`),
    ...shown.filter(({ alt }) => alt.trim() === '').map(({ page, file }) => `${page}: ${file} has no words for it`),
    ...shown
      .filter(({ file }) => !Object.hasOwn(SOURCES, nameOf(file)))
      .map(({ page, file }) => `${page}: nobody says where ${file} comes from`),
    ...kept
      .filter((name) => !shown.some(({ file }) => file === `docs/pictures/${name}`))
      .map((name) => `docs/pictures/${name}: no page shows it`),
    ...Object.keys(SOURCES)
      .filter((name) => !shown.some(({ file }) => nameOf(file) === name))
      .map((name) => `scripts/pictures.mjs: no page shows ${name}`),
  ];
}

/** Copies what the last run has taken. @returns the screenshots that it has not taken, and what is not there at all */
function copyPictures() {
  mkdirSync(PICTURES, { recursive: true });
  const missing = [];
  for (const [name, source] of Object.entries(SOURCES)) {
    const from = join(SCREENSHOTS, `${source}.png`);
    if (existsSync(from)) copyFileSync(from, join(PICTURES, `${name}.png`));
    else missing.push(name);
  }
  return missing;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) {
    for (const name of copyPictures()) {
      process.stdout.write(`${name}.png stays as it is: the last run has not taken ${SOURCES[name]}.png\n`);
    }
  }
  const wrong = wrongPictures();
  for (const line of wrong) process.stderr.write(`${line}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
