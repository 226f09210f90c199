// Makes the table of docs/hub.md from the hub's settings.
//
//   npm run schema:hub               writes it
//   npm run schema:hub -- --check    says whether it is up to date, and ends with 1 if not
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { FROM_FILE, hubSettingsSchema } from '../src/hub/settings.ts';

const PAGE = 'docs/hub.md';
const FILE = join(import.meta.dirname, '..', PAGE);
const [BEGIN, END] = ['<!-- settings: made by npm run schema:hub -->', '<!-- end of settings -->'];

type Node = z.core.JSONSchema.BaseSchema;

/** What may be written, from the schema before the value is read, and after it: numbers come as text. */
function valuesOf(written: Node, read: Node): string {
  const options = written.enum?.map((value) => `\`${value}\``);
  if (options !== undefined) return options.join(', ');
  if (read.type === 'integer') return `${read.minimum} to ${read.maximum}`;
  return read.format === 'uri' ? 'web address' : 'text';
}

/** A folder of the person's is another on each machine. */
const defaultOf = ({ default: value }: Node): string =>
  value === undefined ? '' : `\`${String(value).replace(homedir(), '~')}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(): string {
  const as = (io: 'input' | 'output') =>
    z.toJSONSchema(hubSettingsSchema, { io, unrepresentable: 'any' }).properties ?? {};
  const [written, read] = [as('input'), as('output')];
  const rows = Object.keys(hubSettingsSchema.shape).map((name) => {
    const [before, after] = [written[name], read[name]] as [Node, Node];
    const { description } = after;
    if (!description) throw new Error(`${name} has no description (src/hub/settings.ts)`);
    const fromFile = FROM_FILE.some((one) => one === name) ? ` Or \`${name}_FILE\`, a file that holds it.` : '';
    return `| \`${name}\` | ${valuesOf(before, after)} | ${defaultOf(before)} | ${cell(description + fromFile)} |`;
  });
  return ['| setting | values | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

function filled(document: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} lacks the marks of the settings`);
  return `${document.slice(0, from + BEGIN.length)}\n\n${table()}\n\n${document.slice(to)}`;
}

const read = (): string => readFileSync(FILE, 'utf8');

/** Whether the page says what the code says. */
export const isUpToDate = (): boolean => filled(read()) === read();

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) writeFileSync(FILE, filled(read()));
  else if (!isUpToDate()) {
    process.stderr.write(`${PAGE} is not up to date: npm run schema:hub\n`);
    process.exitCode = 1;
  }
}
