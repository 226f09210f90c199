import { secretName } from '../../core/accountSecrets.ts';
import type { Account } from '../../core/accounts.ts';
import type { SecretName } from '../../core/secretNames.ts';
import type { Tree } from '../../core/settings.ts';
import { type Speech, text } from '../../core/texts.ts';
import type { Instant, TimeZone } from '../../core/time.ts';
import { WEEKDAYS } from '../../core/workingHours.ts';
import { startHipchat } from '../../sandbox/hipchat.ts';
import { startIcs } from '../../sandbox/ics.ts';
import { createJournal } from '../../sandbox/journal.ts';
import { startMattermost } from '../../sandbox/mattermost.ts';
import { startRocketchat } from '../../sandbox/rocketchat.ts';
import { sampleCalendar } from './calendar.ts';
import { isInSampleHours, SAMPLE_HOURS, sampleDay } from './day.ts';

/** Where the app with sample data plays: an invented calendar and chats, on this machine. */
export interface Stage {
  /** What takes the place of the organisation's settings: they lead to the stand-ins, and keep the person's accounts out. */
  readonly managed: Tree;
  /** Takes the place of the keychain. */
  readonly secrets: readonly { readonly name: SecretName; readonly value: string }[];
  close(): Promise<void>;
}

export interface StageOptions {
  readonly now: () => Instant;
  readonly zone: TimeZone;
  readonly speech: Speech;
}

/** The invented person; the tokens open nothing but the stand-ins. */
const ADA = { email: 'ada@contoso.example', name: 'Ada Lovelace', username: 'ada' } as const;
const HIPCHAT_TOKEN = 'sample-hipchat-token';
const MATTERMOST_TOKEN = 'sample-mattermost-token';
const ROCKETCHAT = { id: 'sampleAdaLovelace', token: 'sample-rocketchat-token' } as const;

interface Closable {
  close(): Promise<void>;
}

/** Starts the stand-ins, on any free ports of the loopback interface. If one cannot start, none stays. */
export async function openStage({ now, zone, speech }: StageOptions): Promise<Stage> {
  const running: Closable[] = [];
  const started = <T extends Closable>(service: T): T => {
    running.push(service);
    return service;
  };
  const close = async () => {
    await Promise.all(running.map((service) => service.close()));
  };
  // It may run for days: nothing of what passes is kept.
  const at = { journal: createJournal(false), now };
  try {
    const ics = started(await startIcs(at));
    const hipchat = started(
      await startHipchat({
        users: [{ id: 1, email: ADA.email, name: ADA.name, timezone: zone }],
        tokens: { [HIPCHAT_TOKEN]: { user: 1 } },
        ...at,
      }),
    );
    const mattermost = started(
      await startMattermost({
        user: { id: 'sampleadalovelace1815abcdef', username: ADA.username, email: ADA.email },
        tokens: [MATTERMOST_TOKEN],
        ...at,
      }),
    );
    const rocketchat = started(await startRocketchat({ user: { ...ADA, ...ROCKETCHAT }, ...at }));
    const begun = now();
    const address = ics.publish('sample', sampleCalendar(sampleDay(begun, zone), ADA.email, speech));
    const calendar: Account = { id: 'ics', provider: 'ics', name: text('sample.calendar', speech), username: '' };
    const chats: readonly (readonly [Account, string])[] = [
      [{ id: 'hipchat', provider: 'hipchat', email: ADA.email }, HIPCHAT_TOKEN],
      [{ id: 'mattermost', provider: 'mattermost', server: mattermost.url, username: '' }, MATTERMOST_TOKEN],
      [{ id: 'rocketchat', provider: 'rocketchat', server: rocketchat.url, userId: ROCKETCHAT.id }, ROCKETCHAT.token],
    ];
    return {
      managed: {
        email: ADA.email,
        calendars: [calendar],
        chats: chats.map(([account]) => account),
        launchAtLogin: false,
        updates: { mode: 'off' },
        organisation: { hipchatServer: hipchat.url },
        recommended: isInSampleHours(begun, zone) ? { rules: { workingHours: week() } } : {},
      },
      secrets: [[calendar, address] as const, ...chats].map(([account, value]) => ({
        name: secretName(account),
        value,
      })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const week = () => Object.fromEntries(WEEKDAYS.map((day) => [day, [SAMPLE_HOURS]]));
