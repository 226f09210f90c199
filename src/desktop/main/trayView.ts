import type { ErrorCode } from '../../core/appError.ts';
import { headline } from '../../core/headline.ts';
import { needsSomebody } from '../../core/networkErrors.ts';
import { pauseAt } from '../../core/pause.ts';
import type { Prompt } from '../../core/prompt.ts';
import type { Settings } from '../../core/settings.ts';
import type { SyncState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';
import type { Instant, TimeZone } from '../../core/time.ts';
import type { UpdateState } from '../../core/updateState.ts';
import type { HowLong } from '../../engine/personsWord.ts';
import { preferencesMenu } from './preferencesMenu.ts';
import { quitItem } from './startingView.ts';
import { accountItems } from './trayProblems.ts';
import { updateItems } from './updateItems.ts';
import { wordItems } from './wordItems.ts';

/** What a click on a menu item asks for. */
export type MenuCommand =
  | {
      readonly kind:
        | 'syncNow'
        | 'resume'
        | 'notForThisMeeting'
        | 'notBusy'
        | 'openLog'
        | 'checkConnections'
        | 'endSample'
        | 'today'
        | 'setUp'
        | 'why'
        | 'activity'
        | 'preferences'
        | 'quit';
    }
  | { readonly kind: 'lookForUpdates' | 'installUpdate' }
  | { readonly kind: 'pause'; readonly howLong: HowLong }
  | { readonly kind: 'busy'; readonly howLong: Exclude<HowLong, 'forever'> }
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  | { readonly kind: 'openAddress'; readonly url: string }
  | { readonly kind: 'set'; readonly change: SwitchChange };

/** What a checkbox of the menu changes. */
export type SwitchChange = Partial<Pick<Settings, 'launchAtLogin' | 'notifications' | 'onQuit'>>;

/** A menu as plain data. Ids are stable over all states. */
export type MenuItem =
  | { readonly type: 'separator'; readonly id: string }
  | { readonly type: 'info'; readonly id: string; readonly label: string }
  | {
      readonly type: 'command';
      readonly id: string;
      readonly label: string;
      readonly enabled: boolean;
      readonly command: MenuCommand;
    }
  | {
      readonly type: 'switch';
      readonly id: string;
      readonly label: string;
      readonly enabled: boolean;
      readonly checked: boolean;
      readonly command: MenuCommand;
    }
  | { readonly type: 'submenu'; readonly id: string; readonly label: string; readonly items: readonly MenuItem[] };

export type TrayIcon = 'running' | 'paused' | 'attention';

/** All that the icon in the menu bar shows. */
export interface TrayView {
  readonly icon: TrayIcon;
  readonly tooltip: string;
  readonly menu: readonly MenuItem[];
}

export interface TrayInput {
  readonly state: SyncState;
  readonly settings: Settings;
  /** Dotted paths of the keys that the organisation has set. */
  readonly locked: ReadonlySet<string>;
  readonly now: Instant;
  readonly zone: TimeZone;
  readonly speech: Speech;
  /** Absent before that is known. */
  readonly update?: UpdateState;
  /** Whether all that is shown is invented. */
  readonly sample: boolean;
}

/** Trouble that goes by itself; it gets a line in the menu but no badge. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'network',
  'timeout',
  'rateLimited',
  'serverError',
  'unavailable',
  'conflict',
  'cancelled',
]);

function icon({ phase, trouble, chats, calendars }: SyncState): TrayIcon {
  if (phase === 'setup') return 'attention';
  if (phase === 'paused') return 'paused';
  const needsPerson = [...chats, ...calendars].some(
    ({ error }) => error !== null && (!PASSING.has(error.code) || needsSomebody(error.reason)),
  );
  const isBlind = calendars.some(({ health, error }) => health === 'unknown' && error !== null);
  return trouble !== null || needsPerson || isBlind ? 'attention' : 'running';
}

const NO_UPDATES: UpdateState = { kind: 'off', why: 'noFeed' };
/** What the menu says of sample data, at its head and at its foot. */
function sampleItems({ sample, speech }: TrayInput): {
  readonly head: readonly MenuItem[];
  readonly foot: readonly MenuItem[];
} {
  if (!sample) return { head: [], foot: [] };
  const label = text('sample.end', speech);
  return {
    head: [{ type: 'info', id: 'sample', label: text('sample.headline', speech) }],
    foot: [{ type: 'command', id: 'end-sample', label, enabled: true, command: { kind: 'endSample' } }],
  };
}

/** Pure: the same input gives the same view, so that only differences are applied. */
export function trayView(input: TrayInput): TrayView {
  const { state, settings, locked, speech, update = NO_UPDATES } = input;
  const line = headline(state, input.now, input.zone, speech);
  const { head, foot } = sampleItems(input);
  const isRunning = state.phase === 'running';
  const isPaused = pauseAt(settings, input.now).paused;
  const setUp: readonly MenuItem[] =
    state.missing === null && settings.welcome !== 'begun'
      ? []
      : [
          {
            type: 'command',
            id: 'set-up',
            label: text('menu.setUp', speech),
            enabled: true,
            command: { kind: 'setUp' },
          },
        ];
  return {
    icon: icon(state),
    tooltip: input.sample ? text('sample.tooltip', input.speech, { line }) : `HipStatus: ${line}`,
    menu: [
      ...head,
      { type: 'info', id: 'headline', label: line },
      ...setUp,
      { type: 'command', id: 'today', label: text('today.menu', speech), enabled: true, command: { kind: 'today' } },
      ...accountItems(state, settings, speech),
      { type: 'separator', id: 'after-state' },
      {
        type: 'command',
        id: 'sync-now',
        label: text('menu.syncNow', speech),
        enabled: isRunning,
        command: { kind: 'syncNow' },
      },
      {
        type: 'command',
        id: 'pause',
        label: text(isPaused ? 'menu.resume' : 'menu.pause', speech),
        enabled: state.phase !== 'starting' && !locked.has('pausedUntil'),
        command: isPaused ? { kind: 'resume' } : { kind: 'pause', howLong: 'forever' },
      },
      ...wordItems(input),
      { type: 'separator', id: 'after-actions' },
      {
        type: 'command',
        id: 'why',
        label: text('activity.menu.why', input.speech),
        enabled: true,
        command: { kind: 'why' },
      },
      {
        type: 'command',
        id: 'activity',
        label: text('activity.menu.activity', input.speech),
        enabled: true,
        command: { kind: 'activity' },
      },
      {
        type: 'submenu',
        id: 'preferences',
        label: text('menu.preferences', speech),
        items: preferencesMenu(settings, locked, state, speech, update),
      },
      { type: 'separator', id: 'before-quit' },
      ...updateItems(update, speech),
      ...foot,
      quitItem(speech),
    ],
  };
}
