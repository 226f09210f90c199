import type { Draft } from './draft.ts';

/** A draft over settings that others have changed meanwhile. */
export interface Merged {
  readonly draft: Draft;
  /** Dotted paths of what both have changed, each otherwise: the person's is kept. */
  readonly conflicts: readonly string[];
}

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * What the person has changed stays, everything else becomes what it is now. Lists are taken as a whole.
 * @param base what the draft began with
 * @param mine the draft
 * @param theirs what the settings say now
 */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft): Merged {
  const conflicts: string[] = [];
  const merge = (was: unknown, own: unknown, others: unknown, path: string): unknown => {
    if (isTree(own) && isTree(others)) {
      const before = isTree(was) ? was : {};
      const keys = Object.keys(others).concat(Object.keys(own).filter((key) => !Object.hasOwn(others, key)));
      const kept = keys.flatMap((key): [string, unknown][] => {
        const place = path === '' ? key : `${path}.${key}`;
        // A chat that is no longer there needs no differences.
        if (path === 'chats' && !Object.hasOwn(others, key)) return [];
        if (path === 'chats' && !Object.hasOwn(own, key)) return [[key, others[key]]];
        return [[key, merge(before[key], own[key], others[key], place)]];
      });
      return Object.fromEntries(kept);
    }
    if (isSame(own, was) || isSame(own, others)) return others;
    if (!isSame(others, was)) conflicts.push(path);
    return own;
  };
  return { draft: merge(base, mine, theirs, '') as Draft, conflicts };
}

/** Dotted paths of what the draft says otherwise. */
export function changedPaths(base: Draft, draft: Draft): readonly string[] {
  const found: string[] = [];
  const walk = (was: unknown, now: unknown, path: string): void => {
    if (isTree(was) && isTree(now)) {
      for (const key of new Set([...Object.keys(was), ...Object.keys(now)]))
        walk(was[key], now[key], path === '' ? key : `${path}.${key}`);
    } else if (!isSame(was, now)) found.push(path);
  };
  walk(base, draft, '');
  return found;
}
