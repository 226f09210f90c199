import { PROVIDER_NAMES } from '../../core/accounts.ts';
import { STATE_NAMES } from '../../core/headline.ts';
import type { DesiredPresence } from '../../core/presenceRules.ts';
import { ENGLISH } from '../../core/texts.ts';
import { clockTimeFrom, DAY, HOUR } from '../../core/time.ts';
import { type WhyChat, whyPicture } from '../../core/why.ts';
import { whySentence } from '../../core/whyWords.ts';
import type { Cli } from '../compose.ts';
import { eventLine, readCalendars, type Time } from '../dayEvents.ts';
import { differenceLine, silenceLine } from '../differences.ts';
import { type ExitCode, errorJson, type Output, section } from '../output.ts';

type Deps = Pick<Cli, 'clock' | 'settings' | 'secrets' | 'providers' | 'claims'>;

/** `hipstatus why`: the present state in a sentence, and the chain behind it. Reads the calendars, calls no chat. */
export async function why(deps: Deps, output: Output): Promise<ExitCode> {
  const settings = deps.settings.get();
  const [now, zone] = [deps.clock.now(), deps.clock.zone()];
  const { events, failures } = await readCalendars(deps, settings, { start: now - HOUR, end: now + DAY }, zone);
  const records = await deps.claims.peek();
  const picture = whyPicture({ settings, events, isWhole: true, records, now, zone });
  const { span, on, next } = picture;
  const time: Time = (at) => clockTimeFrom(at, now, zone);
  const sentence = whySentence(picture.why, ENGLISH, time);
  const chats = picture.chats.map((chat) => ({
    id: chat.account.id,
    why: chatReason(chat, time),
    wanted: chat.wanted,
    differences: chat.differences.map(differenceLine),
    leftOut: chat.leftOut.map(silenceLine),
  }));

  output.data({
    sentence,
    state: span?.effect ?? null,
    until: span === null ? null : new Date(span.end).toISOString(),
    meetings: picture.underWay,
    chats: chats.map(({ wanted, ...chat }) => ({ ...chat, wanted: wantedJson(wanted) })),
    failures: failures.map(({ calendar, error }) => ({ calendar, ...errorJson(error) })),
  });
  const lines = [
    sentence,
    ...section(
      'Could not be read:',
      failures.map(({ calendar, error }) => `${calendar}: ${error.message}`),
    ),
    ...section('On now:', on.length === 0 ? ['nothing'] : on.map((one) => eventLine(one, false, zone, time))),
    ...section('Next:', [next === null ? 'nothing that counts' : `${STATE_NAMES[next.effect]} at ${time(next.start)}`]),
    ...section('The rules ask for:', span === null || picture.isPaused ? [] : picture.chats.map(wantedLine)),
    ...section('Left out of the texts:', [...new Set(chats.flatMap(({ leftOut }) => leftOut))]),
    ...section(
      'Chats:',
      chats.map((chat) => chat.why),
    ),
  ];
  for (const line of lines) output.line(line);
  return failures.length > 0 ? 1 : 0;
}

/** What the rules want of one chat, its own differences included. */
function wantedLine({ account, wanted, differences }: WhyChat): string {
  const own = differences.length === 0 ? '' : ` (${differences.map(differenceLine).join('; ')})`;
  const name = `${PROVIDER_NAMES[account.provider]}${own}`;
  if (wanted === null) return `${name}: nothing`;
  const state = wanted.state === null ? 'your own state' : STATE_NAMES[wanted.state];
  const text = wanted.text === '' ? 'your own status' : `"${wanted.text}"`;
  return `${name}: ${state}, ${text}`;
}

const wantedJson = (wanted: DesiredPresence | null) =>
  wanted === null ? null : { state: wanted.state, text: wanted.text, emoji: wanted.emoji };

/** What HipStatus remembers of one chat. */
function chatReason({ account, remembered }: WhyChat, time: Time): string {
  const name = PROVIDER_NAMES[account.provider];
  if (remembered.kind === 'ours') {
    const { state, until, before } = remembered;
    return `${name}: shows what HipStatus wrote (${STATE_NAMES[state]}); at ${time(until)} it goes back to ${STATE_NAMES[before]}`;
  }
  return remembered.kind === 'handsOff'
    ? `${name}: left as you set it, for this meeting`
    : `${name}: shows your own status`;
}
