// Makes what is derived from `settingsSchema`: the JSON schema that ships with the app, and the tables of
// docs/configuration.md.
//
//   npm run schema               writes them
//   npm run schema -- --check    says which are not up to date, and ends with 1 if any
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { settingsSchema } from '../src/core/settings.ts';
import { REPLACEABLE } from '../src/core/texts.ts';

const ROOT = join(import.meta.dirname, '..');
const SCHEMA_FILE = 'docs/schema/settings.schema.json';
const TABLES_FILE = 'docs/configuration.md';

type Node = z.core.JSONSchema.BaseSchema;

/** Unknown keys would be ignored by the app; an editor that knows the schema marks them. */
function closed({ jsonSchema }: { readonly jsonSchema: Node }): void {
  if (jsonSchema.type === 'object' && jsonSchema.properties !== undefined) jsonSchema.additionalProperties = false;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const child = (node: Node | undefined, name: string): Node | undefined => {
  const found = node?.properties?.[name];
  return isNode(found) ? found : undefined;
};

/** The settings as JSON Schema (draft 2020-12) of what a file may hold: every key optional. */
function fileSchema(): Node {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', override: closed });
  const texts = child(child(schema, 'organisation'), 'texts');
  if (texts === undefined) throw new Error('organisation.texts is not in the schema');
  delete texts.propertyNames;
  texts.additionalProperties = false;
  texts.properties = Object.fromEntries(
    Object.entries(REPLACEABLE).map(([key, text]) => [key, { type: 'string', default: text }]),
  );
  return schema;
}

/** One schema for the person's file and the managed one: the settings' keys, and beside them `recommended`. */
export function settingsJsonSchema(): Node {
  const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...settings } = fileSchema();
  // Closed from outside: what stands beside the settings would not be allowed by themselves.
  delete settings.additionalProperties;
  return {
    $schema,
    title: 'HipStatus settings',
    description: "A person's settings.json, or an organisation's managed settings. Every key may be left out.",
    allOf: [{ $ref: '#/$defs/settings' }],
    properties: {
      $schema: { type: 'string', description: 'Where this schema is; for editors.' },
      recommended: {
        description: 'Managed settings only: values that hold until the person sets their own.',
        allOf: [{ $ref: '#/$defs/settings' }],
        unevaluatedProperties: false,
      },
    },
    unevaluatedProperties: false,
    $defs: { settings: { type: 'object', ...settings } },
  };
}

interface Row {
  readonly path: string;
  readonly node: Node;
}

/** The keys of a schema by their dotted path; objects are followed, lists and texts are keys of their own. */
function rowsOf(node: Node, prefix = ''): readonly Row[] {
  return Object.keys(node.properties ?? {}).flatMap((name): readonly Row[] => {
    const path = `${prefix}${name}`;
    const found = child(node, name);
    if (found === undefined) return [];
    const isGroup = found.type === 'object' && path !== 'organisation.texts';
    return isGroup ? rowsOf(found, `${path}.`) : [{ path, node: found }];
  });
}

/** The dotted path of every key. */
export const settingsKeys = (): readonly string[] => rowsOf(fileSchema()).map(({ path }) => path);

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(node: Node): string {
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined) return options.filter(isNode).map(typeOf).join(' or ');
  if (node.enum !== undefined) return node.enum.map(code).join(', ');
  if ('const' in node) return code(node.const);
  const { minimum, maximum, maxLength, format, items } = node;
  switch (node.type) {
    case 'integer':
      return `number ${minimum} to ${maximum}`;
    case 'array':
      return isNode(items) && items.type === 'string' ? 'list of texts' : 'list';
    case 'string': {
      const kind = { email: 'email address', uri: 'web address', 'date-time': 'time' }[format ?? ''] ?? 'text';
      return maxLength === undefined ? kind : `${kind}, up to ${maxLength}`;
    }
    case 'object':
      return 'texts by key';
    default:
      return String(node.type);
  }
}

/** Every key: dotted path, type, default, what it does. */
function settingsTable(): string {
  const rows = rowsOf(fileSchema()).map(({ path, node }) => {
    if (!node.description) throw new Error(`${path} has no description (src/core/settings.ts)`);
    return `| \`${path}\` | ${cell(typeOf(node))} | ${cell(code(node.default))} | ${cell(node.description)} |`;
  });
  return ['| key | type | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/** Every text that can be replaced. */
function textsTable(): string {
  const rows = Object.entries(REPLACEABLE).map(([key, text]) => `| \`${key}\` | ${cell(text)} |`);
  return ['| key | default |', '|---|---|', ...rows].join('\n');
}

/** `document` with `content` between the two marks of `name`. */
function filled(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: made by npm run schema -->`, `<!-- end of ${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${TABLES_FILE} lacks the marks of "${name}"`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n\n${document.slice(to)}`;
}

/** JSON as the project's formatter writes it. */
function formatted(value: unknown): string {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${SCHEMA_FILE}`], {
    cwd: ROOT,
    input: JSON.stringify(value, undefined, 2),
    encoding: 'utf8',
  });
}

const contentOf = (file: string): string => {
  const path = join(ROOT, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** What the derived files should hold: path from the project's folder → content. */
function derivedFiles(): ReadonlyMap<string, string> {
  const document = filled(contentOf(TABLES_FILE), 'settings', settingsTable());
  return new Map([
    [SCHEMA_FILE, formatted(settingsJsonSchema())],
    [TABLES_FILE, filled(document, 'texts', textsTable())],
  ]);
}

/** The derived files that are not what they should be. */
export const outdatedFiles = (): readonly string[] =>
  [...derivedFiles()].filter(([file, content]) => contentOf(file) !== content).map(([file]) => file);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outdated = outdatedFiles();
  if (process.argv.includes('--check')) {
    for (const file of outdated) process.stderr.write(`${file} is not up to date: npm run schema\n`);
    process.exitCode = outdated.length > 0 ? 1 : 0;
  } else {
    for (const [file, content] of derivedFiles()) {
      if (!outdated.includes(file)) continue;
      mkdirSync(dirname(join(ROOT, file)), { recursive: true });
      writeFileSync(join(ROOT, file), content);
      process.stdout.write(`${file}\n`);
    }
  }
}
