import { z } from 'zod';

type Node = z.core.JSONSchema.BaseSchema;
type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNode = (value: unknown): value is Node => isTree(value);
const nodesIn = (values: readonly unknown[] | undefined): readonly Node[] => (values ?? []).filter(isNode);

/** The value at a path; undefined when there is none. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = tree;
  for (const key of path) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isTree(found) ? found[String(key)] : undefined;
  }
  return found;
}

/** What is wrong with a settings tree, in words for the person who writes it: made from the schema itself. */
export class SettingsCheck {
  readonly #schema: () => z.ZodType;
  #root: Node | null = null;

  /** @param schema asked when first needed */
  constructor(schema: () => z.ZodType) {
    this.#schema = schema;
  }

  /** What a value is and what would be allowed. Texts are quoted only where words of ours are asked for. */
  explain(issue: z.core.$ZodIssue, tree: unknown): string {
    const node = this.#nodeAt(issue.path, tree);
    const value = valueAt(tree, issue.path);
    if (issue.code === 'custom') return `${capital(issue.message)}.`;
    if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
      const options = nodesIn(this.#nodeAt(issue.path.slice(0, -1), tree)?.oneOf);
      const words = options.flatMap((option) => toldTo(child(option, issue.discriminator ?? '')));
      return `${shownWord(value)}. Allowed: ${either(words)}.`;
    }
    const isPattern = issue.code === 'invalid_format' && issue.format === 'regex';
    const hasOwnMessage = isPattern && !issue.message.startsWith('Invalid');
    const pattern = `a text that fits ${isPattern ? issue.pattern : ''}`;
    const allowed = hasOwnMessage ? issue.message : isPattern ? pattern : allowedOf(node);
    const what = toldTo(node).length > 0 ? shownWord(value) : shownKind(value);
    return `${what}. Allowed: ${allowed}.`;
  }

  /** Keys that nobody reads, with the one that was probably meant. */
  unknownKeys(tree: Tree): readonly { readonly path: string; readonly message: string }[] {
    const found: { path: string; message: string }[] = [];
    const walk = (value: unknown, node: Node | undefined, path: readonly string[]): void => {
      if (Array.isArray(value)) {
        for (const [index, one] of value.entries()) walk(one, itemOf(node), [...path, String(index)]);
      }
      if (!isTree(value) || node === undefined) return;
      const known = fieldsOf(node, value);
      // A record by key: its keys are checked with its values.
      if (known.size === 0) return;
      for (const [key, inner] of Object.entries(value)) {
        const field = known.get(key);
        if (field !== undefined) walk(inner, field, [...path, key]);
        else if (path.length > 0 || key !== '$schema') {
          found.push({ path: [...path, key].join('.'), message: this.#unknown(key, [...known.keys()], path) });
        }
      }
    };
    walk(tree, this.#tree, []);
    return found;
  }

  /** A key of a record that it does not have. */
  unknownIn(path: readonly PropertyKey[], key: string): string {
    const names = this.#nodeAt(path, {})?.propertyNames;
    return this.#unknown(key, isNode(names) ? wordsIn(names) : [], path.map(String));
  }

  #unknown(key: string, beside: readonly string[], path: readonly string[]): string {
    const near = nearest(key, beside);
    const prefix = path.length === 0 ? '' : `${path.join('.')}.`;
    const elsewhere = near === null ? this.#paths().find((known) => known.split('.').at(-1) === key) : undefined;
    const meant = near === null ? elsewhere : `${prefix}${near}`;
    return `HipStatus has no such key. ${meant === undefined ? 'It is kept in the file and ignored.' : `Did you mean "${meant}"?`}`;
  }

  get #tree(): Node {
    this.#root ??= z.toJSONSchema(this.#schema(), { io: 'input' });
    return this.#root;
  }

  #nodeAt(path: readonly PropertyKey[], tree: unknown): Node | undefined {
    let node: Node | undefined = this.#tree;
    for (const [index, key] of path.entries()) {
      if (node === undefined) return undefined;
      const value = valueAt(tree, path.slice(0, index));
      const isIndex: boolean = typeof key === 'number';
      node = isIndex ? itemOf(node) : (fieldsOf(node, isTree(value) ? value : {}).get(String(key)) ?? recordOf(node));
    }
    return node;
  }

  #paths(): readonly string[] {
    const walk = (node: Node, prefix: string): string[] =>
      [...fieldsOf(node, {})].flatMap(([key, field]) => [`${prefix}${key}`, ...walk(field, `${prefix}${key}.`)]);
    return walk(this.#tree, '');
  }
}

const branches = (node: Node | undefined): readonly Node[] => nodesIn(node?.anyOf ?? node?.oneOf);

function child(node: Node, name: string): Node | undefined {
  const found = node.properties?.[name];
  return isNode(found) ? found : undefined;
}

/** The fields of an object, also where it is one of several; of those the ones that `value` may be. */
function fieldsOf(node: Node, value: Tree): ReadonlyMap<string, Node> {
  const fits = (branch: Node): boolean =>
    Object.keys(branch.properties ?? {}).every((name) => {
      const field = child(branch, name);
      return field === undefined || !('const' in field) || value[name] === undefined || field.const === value[name];
    });
  const own = Object.keys(node.properties ?? {}).map((name) => [name, child(node, name)] as const);
  const all = branches(node);
  const fitting = all.filter(fits);
  const inner = (fitting.length > 0 ? fitting : all).flatMap((branch) => [...fieldsOf(branch, value)]);
  return new Map([...inner, ...own].flatMap(([name, field]) => (field === undefined ? [] : [[name, field] as const])));
}

const itemOf = (node: Node | undefined): Node | undefined => (isNode(node?.items) ? node.items : undefined);

const recordOf = (node: Node): Node | undefined =>
  isNode(node.additionalProperties) ? node.additionalProperties : undefined;

const wordsIn = (node: Node): readonly string[] => (node.enum ?? []).filter((value) => typeof value === 'string');

/** The words of ours that are allowed, as JSON; none where anything else is. */
function toldTo(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value));
  return 'const' in node && node.const !== '' ? [JSON.stringify(node.const)] : [];
}

const either = (options: readonly string[]): string =>
  options.length < 2 ? options.join('') : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an email address',
  uri: 'a web address that begins with http:// or https://',
  'date-time': 'a time in UTC such as "2026-01-05T10:30:00Z"',
};

function allowedOf(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  const options = branches(node);
  if (options.length > 0) return [...new Set(options.map(allowedOf))].join(', or ');
  const words = toldTo(node);
  if (words.length > 0) return either(words);
  switch (node.type) {
    case 'integer':
      return `a whole number from ${node.minimum} to ${node.maximum}`;
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return node.maxItems === undefined ? 'a list [ … ]' : `a list [ … ] of at most ${node.maxItems}`;
    case 'object':
      return 'a group of keys { … }';
    default:
      if ('const' in node) return 'an empty text';
      if (node.format !== undefined && FORMATS[node.format] !== undefined) return FORMATS[node.format] ?? '';
      if (node.maxLength !== undefined)
        return `a text of ${node.minLength === undefined ? 'at most' : `${node.minLength} to`} ${node.maxLength} characters`;
      return node.minLength === undefined ? 'a text' : 'a text that is not empty';
  }
}

const MOST_SHOWN = 40;

/** A value where a word of ours belongs. */
function shownWord(value: unknown): string {
  if (typeof value !== 'string') return shownKind(value);
  return value.length > MOST_SHOWN ? 'This text is not allowed' : `${JSON.stringify(value)} is not allowed`;
}

/** Anything else: what it is, without a text that may be private. */
function shownKind(value: unknown): string {
  if (value === undefined) return 'It is missing';
  if (typeof value === 'string') return value === '' ? 'An empty text is not allowed' : textKind(value);
  if (Array.isArray(value)) return 'A list is not allowed';
  if (isTree(value)) return 'A group of keys is not allowed';
  return `${String(value)} is not allowed`;
}

const textKind = (value: string): string =>
  value.length > MOST_SHOWN ? `This text of ${value.length} characters is not allowed` : 'This text is not allowed';

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** The name that `key` is probably a slip of; null when none is near. */
export function nearest(key: string, names: readonly string[]): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = editDistance(key.toLowerCase(), name.toLowerCase());
    const isNear = distance <= Math.max(1, Math.floor(Math.min(key.length, name.length) / 3));
    if (isNear && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** How many letters must be added, left out, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  // A name of ours is short; what is much longer is none.
  if (Math.abs(a.length - b.length) > 8) return Number.POSITIVE_INFINITY;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
