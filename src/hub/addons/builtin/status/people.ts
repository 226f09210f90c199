import type { PersonRecord } from '../../../model.ts';
import type { Roster } from '../../../roster.ts';
import type { ChatPerson, CommandCall } from '../../calls.ts';

/** Whom of the hub a chat's user is: by identity, else by the email address that the chat tells. */
export async function personOf(roster: Roster, who: ChatPerson): Promise<PersonRecord | null> {
  const known = roster.byIdentity(who.service, who.identity);
  if (known !== undefined) return known;
  // A chat that can't be asked tells nothing.
  const { email } = await who.profile().catch(() => ({ email: null }));
  return email === null ? null : (roster.byEmail(email.toLowerCase()) ?? null);
}

const bare = (text: string): string => text.toLowerCase().replaceAll(/[\s._-]/g, '');

/** Whom a command is about: somebody it mentions, or an email address or a name. Null for nobody, and for several. */
export function meantBy(roster: Roster, { query, who, mentions }: CommandCall): PersonRecord | null {
  const wanted = query.replace(/^@/, '').trim();
  const mention = mentions.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const linked = mention === undefined ? undefined : roster.byIdentity(who.service, mention.identity);
  const found = linked ?? roster.byEmail(wanted.toLowerCase());
  if (found !== undefined) return found;
  const name = bare(wanted);
  if (name === '') return null;
  const named = roster
    .slice(0, roster.size)
    .filter(({ person }) => bare(person.name) === name || bare(person.email.split('@')[0] ?? '') === name);
  return named.length === 1 ? (named[0] ?? null) : null;
}

export const nameOf = ({ person }: PersonRecord): string => (person.name === '' ? person.email : person.name);
