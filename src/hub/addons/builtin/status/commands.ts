import type { Instant, TimeZone } from '../../../../core/time.ts';
import { clockTimeFrom } from '../../../../core/time.ts';
import type { PersonRecord } from '../../../model.ts';
import type { Roster } from '../../../roster.ts';
import type { Words } from '../../../words.ts';
import type { Addon } from '../../addon.ts';
import { type CommandCall, type PrivateAnswer, privately } from '../../calls.ts';
import { readEnd } from './duration.ts';
import { meantBy, nameOf, personOf } from './people.ts';
import { presenceText, teamText, USAGE, unknownText } from './texts.ts';

export interface StatusCommandDeps {
  readonly roster: Roster;
  readonly words: Pick<Words, 'busy' | 'available' | 'pause' | 'resume'>;
  readonly now: () => Instant;
  /** For those whose chat does not tell theirs. */
  readonly zone: () => TimeZone;
}

const LONGEST_TEXT = 200;

const said = (message: string, color: 'green' | 'yellow' | 'red' | 'gray'): PrivateAnswer =>
  privately({ message, message_format: 'text', color });
const wrong = (message: string): PrivateAnswer => said(message, 'yellow');

/** `/status`, `/busy`, `/available`, `/pause`, `/resume`. Everybody says only of themselves; answers are for who asked. */
export function addStatusCommands(addon: Addon, { roster, words, now, zone }: StatusCommandDeps): void {
  const zoneOf = async ({ who }: CommandCall): Promise<TimeZone> => {
    const { timeZone } = await who.profile().catch(() => ({ timeZone: null }));
    return timeZone !== null && isZone(timeZone) ? timeZone : zone();
  };
  /** A command that somebody gives for themselves. */
  const own = (name: string, run: (person: PersonRecord, call: CommandCall) => Promise<PrivateAnswer>): void => {
    addon.command(name, async (call) => {
      if (call.query.startsWith('@')) return wrong(USAGE.own);
      const person = await personOf(roster, call.who);
      return person === null ? wrong(unknownText(call.who)) : run(person, call);
    });
  };

  addon.command('status', async (call) => {
    const timeZone = await zoneOf(call);
    const isOwn = call.query === '' || call.query.toLowerCase() === '@me';
    const found = isOwn ? await personOf(roster, call.who) : meantBy(roster, call);
    if (found !== null) {
      const line = isOwn ? 'You are' : `${nameOf(found)} is`;
      const text = `${line} ${presenceText(found, now(), timeZone)}`;
      return said(isOwn ? `${text}\n${teamText(roster)}` : text, 'gray');
    }
    if (isOwn) return wrong(`${teamText(roster)}\n${unknownText(call.who)}`);
    return wrong('The hub knows nobody of that name, or several. Try their email address: /status ada@example.com');
  });

  own('busy', async ({ person }, call) => {
    const timeZone = await zoneOf(call);
    const end = readEnd(call.query, now(), timeZone);
    if (end === null) return wrong(USAGE.busy);
    const text = end.rest.replaceAll(/\p{Cc}+/gu, ' ');
    if (text.length > LONGEST_TEXT) return wrong(USAGE.long);
    await words.busy(person.id, end.until, text);
    return said(
      `You are busy until ${clockTimeFrom(end.until, now(), timeZone)}${text === '' ? '.' : `: ${text}`}`,
      'red',
    );
  });

  own('available', async ({ person }) => {
    await words.available(person.id);
    return said('You are available.', 'green');
  });

  own('pause', async ({ person }, call) => {
    const timeZone = await zoneOf(call);
    const end = readEnd(call.query, now(), timeZone);
    if (end === null || end.rest !== '') return wrong(USAGE.pause);
    await words.pause(person.id, end.until);
    return said(`Your calendar is not followed until ${clockTimeFrom(end.until, now(), timeZone)}.`, 'gray');
  });

  own('resume', async ({ person }) => {
    await words.resume(person.id);
    return said('Your calendar is followed again.', 'green');
  });
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
