// What goes wrong with the calls of a day.
import { SECOND } from '../../../../src/core/time.ts';
import { type ChatFault, refused } from '../../../fakes/fakeChat.ts';
import type { World } from './world.ts';

export const CHAT_FAULTS = [
  'lost',
  'landed',
  'halfState',
  'halfText',
  'twice',
  'late',
  'lateAnswer',
  'unauthorized',
  'notFound',
  'rateLimited',
  'serverError',
  'unavailable',
  'badResponse',
] as const;
export type FaultName = (typeof CHAT_FAULTS)[number];
export const CALENDAR_FAULTS = [
  'network',
  'serverError',
  'unauthorized',
  'rateLimited',
  'badResponse',
  'timeout',
] as const;

/** @param seconds how late, or how long to wait before the next call */
export function chatFault(world: World, name: FaultName, seconds: number): ChatFault {
  switch (name) {
    case 'lost':
    case 'landed':
      return { kind: name };
    case 'halfState':
    case 'halfText':
      return { kind: 'half', first: name === 'halfState' ? 'state' : 'text' };
    case 'twice':
    case 'late':
    case 'lateAnswer': {
      const then = world.later(seconds * SECOND);
      // What lands when nobody reckons with it has an end, and a clock that is set makes no end certain.
      if (name === 'lateAnswer' || world.options.isClockSet) return { kind: 'lateAnswer', until: then };
      return name === 'late' ? { kind: name, until: then } : { kind: name, again: then };
    }
    case 'rateLimited':
      return refused.rateLimited(seconds * 10 * SECOND);
    default:
      return refused[name]();
  }
}
