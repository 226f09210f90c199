import { z } from 'zod';
import { activityEntry } from '../../core/activity.ts';
import { activityAction, activitySaved, activityView } from './activityView.ts';
import { CHECKS_ACTIONS, checksView } from './checksView.ts';
import {
  preferencesAction,
  preferencesDraft,
  preferencesTried,
  preferencesTry,
  preferencesView,
} from './preferencesView.ts';
import { promptAction, promptAnswer, promptView } from './promptView.ts';
import { todayAction, todayView } from './todayView.ts';
import { welcomeAction, welcomeView } from './welcomeView.ts';

/** Renderer asks, main answers with an `Envelope`. */
interface Invoke<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly direction: 'invoke';
  readonly channel: string;
  readonly request: Request;
  readonly response: Response;
}

/** Main tells, renderer listens. */
interface Event<Payload extends z.ZodType = z.ZodType> {
  readonly direction: 'event';
  readonly channel: string;
  readonly payload: Payload;
}

/** Every channel there is between a window and the main process. The preload bridge and the types are made from it. */
export const contract = {
  /** What the window is to show now. */
  view: { direction: 'invoke', channel: 'prompt:view', request: z.null(), response: promptView },
  /** The person's answer. Answered at once; how it went comes as `changed`, or the window closes. */
  submit: { direction: 'invoke', channel: 'prompt:submit', request: promptAnswer, response: z.null() },
  /** A button that leaves the prompt open. */
  act: { direction: 'invoke', channel: 'prompt:act', request: promptAction, response: z.null() },
  /** Close the window, and stop what it waits for. */
  cancel: { direction: 'invoke', channel: 'prompt:cancel', request: z.null(), response: z.null() },
  /** The content's height in CSS pixels; the window takes it on, and shows itself at the first time. */
  fit: { direction: 'invoke', channel: 'prompt:fit', request: z.int().min(1).max(4_000), response: z.null() },
  /** Something else is to be shown. */
  changed: { direction: 'event', channel: 'prompt:changed', payload: promptView },
  /** What the window of the self-test is to show now. */
  checks: { direction: 'invoke', channel: 'checks:view', request: z.null(), response: checksView },
  /** One of its buttons. */
  checksAct: { direction: 'invoke', channel: 'checks:act', request: z.enum(CHECKS_ACTIONS), response: z.null() },
  /** As `fit`, of that window. */
  checksFit: { direction: 'invoke', channel: 'checks:fit', request: z.int().min(1).max(4_000), response: z.null() },
  /** Something else is to be shown there. */
  checksChanged: { direction: 'event', channel: 'checks:changed', payload: checksView },
  /** What the Preferences window is to show now. */
  preferences: { direction: 'invoke', channel: 'preferences:view', request: z.null(), response: preferencesView },
  /** One of its buttons. */
  preferencesAct: { direction: 'invoke', channel: 'preferences:act', request: preferencesAction, response: z.null() },
  /** The draft that was under way when the window was opened; null for none. */
  preferencesDraft: {
    direction: 'invoke',
    channel: 'preferences:draft',
    request: z.null(),
    response: preferencesDraft.nullable(),
  },
  /** What would come of a draft: today, and what the chats would show. Nothing is kept. */
  preferencesTry: {
    direction: 'invoke',
    channel: 'preferences:try',
    request: preferencesTry,
    response: preferencesTried,
  },
  /** Something else is to be shown there. */
  preferencesChanged: { direction: 'event', channel: 'preferences:changed', payload: preferencesView },
  /** What the Welcome window is to show now. */
  welcome: { direction: 'invoke', channel: 'welcome:view', request: z.null(), response: welcomeView },
  /** What the person does there. Answered at once; what comes of it is told as `welcomeChanged`, or the window closes. */
  welcomeAct: { direction: 'invoke', channel: 'welcome:act', request: welcomeAction, response: z.null() },
  /** Something else is to be shown there. */
  welcomeChanged: { direction: 'event', channel: 'welcome:changed', payload: welcomeView },
  /** What the Today window is to show now. */
  today: { direction: 'invoke', channel: 'today:view', request: z.null(), response: todayView },
  /** One of its buttons. What it leads to comes as `todayChanged`. */
  todayAct: { direction: 'invoke', channel: 'today:act', request: todayAction, response: z.null() },
  /** As `fit`, of that window. */
  todayFit: { direction: 'invoke', channel: 'today:fit', request: z.int().min(1).max(4_000), response: z.null() },
  /** Something else is to be shown there. */
  todayChanged: { direction: 'event', channel: 'today:changed', payload: todayView },
  /** What the window with Why and Activity is to show now, but for the entries. */
  activity: { direction: 'invoke', channel: 'activity:view', request: z.null(), response: activityView },
  /** What is kept, the oldest first; what comes after that is told. */
  activityEntries: {
    direction: 'invoke',
    channel: 'activity:entries',
    request: z.null(),
    response: z.array(activityEntry),
  },
  /** The same as the text that is copied and saved. */
  activityReport: { direction: 'invoke', channel: 'activity:report', request: z.null(), response: z.string() },
  /** Asks the person where to save that text. */
  activitySave: { direction: 'invoke', channel: 'activity:save', request: z.null(), response: activitySaved },
  /** One of its buttons. */
  activityAct: { direction: 'invoke', channel: 'activity:act', request: activityAction, response: z.null() },
  /** Something else is to be shown there. */
  activityChanged: { direction: 'event', channel: 'activity:changed', payload: activityView },
  /** Something has happened. */
  activityAdded: { direction: 'event', channel: 'activity:added', payload: activityEntry },
} as const satisfies Readonly<Record<string, Invoke | Event>>;

export type Contract = typeof contract;

type NamesOf<Direction extends 'invoke' | 'event'> = {
  [Name in keyof Contract]: Contract[Name] extends { readonly direction: Direction } ? Name : never;
}[keyof Contract];

export type InvokeName = NamesOf<'invoke'>;
/** Those of one kind of window: called like it, and what begins so. */
export type PageInvoke<Page extends string> = Extract<InvokeName, Page | `${Page}${Capitalize<string>}`>;
/** Those of the prompts. */
export type PromptInvoke = Extract<InvokeName, 'view' | 'submit' | 'act' | 'cancel' | 'fit'>;
export type EventName = NamesOf<'event'>;
export type Request<Name extends InvokeName> = Readonly<z.infer<Contract[Name]['request']>>;
export type Response<Name extends InvokeName> = Readonly<z.infer<Contract[Name]['response']>>;
export type Payload<Name extends EventName> = Readonly<z.infer<Contract[Name]['payload']>>;

/** How every invoke is answered: it never rejects. */
export type Envelope<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What the preload script puts on `window.hipstatus`. */
export type Bridge = {
  readonly [Name in InvokeName]: (request: Request<Name>) => Promise<Envelope<Response<Name>>>;
} & {
  /** Calls with every payload; returns the stop. */
  readonly [Name in EventName]: (listener: (payload: Payload<Name>) => void) => () => void;
};

/** The contract without its schemas: all that the sandboxed preload script needs. */
export interface ChannelInfo {
  readonly name: string;
  readonly direction: 'invoke' | 'event';
  readonly channel: string;
}

export const channelInfos = (): readonly ChannelInfo[] =>
  Object.entries(contract).map(([name, { direction, channel }]) => ({ name, direction, channel }));
