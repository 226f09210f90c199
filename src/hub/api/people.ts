import { createHash } from 'node:crypto';
import { AppError } from '../../core/appError.ts';
import { ID_PATTERN } from '../ids.ts';
import type { PersonRecord } from '../model.ts';
import type { Roster } from '../roster.ts';
import type { TokenInfo } from '../tokens.ts';

/**
 * The person an address names: `me`, an id or an email. `scope` is what others but one's own person need. Throws `forbidden` before
 * anything else, so that a token for one person can't find out who else there is; `notFound`.
 */
export function findPerson(roster: Roster, actor: TokenInfo, named: string, scope: 'read' | 'admin'): PersonRecord {
  const record = lookUp(roster, actor, named);
  const isOwn = named === 'me' || (actor.personId !== null && (record?.person.id ?? named) === actor.personId);
  if (!isOwn && !actor.scopes.includes('admin') && !actor.scopes.includes(scope)) {
    throw new AppError('forbidden', `This token is for its own person only. For others it needs the scope ${scope}.`);
  }
  if (record !== undefined) return record;
  if (named === 'me')
    throw new AppError('notFound', 'This token belongs to no person. Make one with --email for its person.');
  throw new AppError('notFound', 'There is no such person.');
}

function lookUp(roster: Roster, actor: TokenInfo, named: string): PersonRecord | undefined {
  if (named === 'me') return actor.personId === null ? undefined : roster.get(actor.personId);
  return ID_PATTERN.test(named) ? roster.get(named) : roster.byEmail(named.toLowerCase());
}

/** An ETag of what is sent, the same from every hub of a team. */
export function etagOf(records: readonly PersonRecord[], next: string | null): string {
  const hash = createHash('sha256').update(`${next};`);
  for (const { person, event } of records) hash.update(`${person.id}:${event};`);
  return `"${hash.digest('base64url').slice(0, 27)}"`;
}

/** The version that an `If-Match` names; undefined for none or `*`. Throws for one that is none of ours. */
export function versionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, digits] = /^\s*"(\d{1,15})"\s*$/.exec(header) ?? [];
  if (digits === undefined) throw new AppError('invalidInput', 'If-Match must be the ETag of a presence.');
  return Number(digits);
}
