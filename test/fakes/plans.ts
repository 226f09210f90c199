import { HIPCHAT_CAPABILITIES } from '../../src/adapters/chat/hipchat/transform.ts';
import { type ChatRecord, EMPTY_RECORD } from '../../src/core/claim.ts';
import type { ChatCapabilities, ChatReading, Presence } from '../../src/core/presence.ts';
import { afterAnswer, type Plan, type PlanInput, planPresence } from '../../src/core/presencePlan.ts';
import type { DesiredPresence } from '../../src/core/presenceRules.ts';
import type { CountedEffect } from '../../src/core/sweep.ts';
import { at } from './events.ts';

/** One chat of each kind: state and text in one act and nothing ends by itself, or set apart and text that ends. */
export const plain = HIPCHAT_CAPABILITIES;
export const rich: ChatCapabilities = {
  states: ['available', 'away'],
  textLimit: 100,
  emoji: true,
  expires: true,
  stateExpires: false,
  oneStatus: false,
  profileTimeZone: false,
};

export const shown = (presence: Partial<Presence> = {}, isAutomatic = false): ChatReading => ({
  presence: { state: 'available', text: '', emoji: '', until: null, ...presence },
  isAutomatic,
  profileTimeZone: null,
});

/** As a chat that shows the state too wants it. */
type Meeting = DesiredPresence & { readonly state: CountedEffect };

export const meetingUntil = (end: string, more: Partial<Meeting> = {}): Meeting => ({
  state: 'dnd',
  text: 'In a meeting',
  emoji: ':calendar:',
  until: at(end),
  events: ['meeting'],
  ...more,
});

export const outOfOffice = (end: string) =>
  meetingUntil(end, { state: 'away', text: 'Out of office', events: ['oof'] });

export const plan = (input: Partial<PlanInput>): Plan =>
  planPresence({
    record: EMPTY_RECORD,
    reading: shown(),
    wanted: null,
    capabilities: plain,
    underWay: [{ event: 'meeting', until: at('11:00') }],
    justBefore: [],
    ownText: 'keep',
    now: at('10:00'),
    ...input,
  });

/** Plans a write, lets it land as it was asked for, and reads it back. */
export function written(input: Partial<PlanInput>): { record: ChatRecord; reading: ChatReading } {
  const inMeeting = { wanted: meetingUntil('11:00'), ...input };
  const planned = plan(inMeeting);
  if (planned.kind === 'keep') throw new Error(`expected a write, got ${planned.status}`);
  const reading = shown(planned.write);
  return { record: plan({ ...inMeeting, record: afterAnswer(planned.record), reading }).record, reading };
}

export const kept = (planned: Plan) => (planned.kind === 'keep' ? planned.status : `${planned.kind}!`);
export const write = (planned: Plan) => (planned.kind === 'keep' ? null : planned.write);
/** A chat that takes an end for its state, too. */
export const timed = { ...plain, oneStatus: false, stateExpires: true, textLimit: 0 };
