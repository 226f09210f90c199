import type { ErrorInfo } from '../../core/appError.ts';
import { shortNetworkReason } from '../../core/networkErrors.ts';
import { refusalKey } from '../../core/refusals.ts';
import type { CalendarState, ChatState } from '../../core/syncState.ts';
import { type Speech, text } from '../../core/texts.ts';

/**
 * What went wrong, in a few words: the service's own where it has said more than the code. A line in a menu has little room; the
 * whole message is in the notification and the log.
 */
export const problemWords = (error: ErrorInfo, speech: Speech): string =>
  text(refusalKey(error) ?? shortNetworkReason(error.reason) ?? `problem.${error.code}`, speech);

/** How an account stands. Without times: a menu that changes closes or flickers when it is open. */
export function accountState(state: ChatState | CalendarState | undefined, speech: Speech): string {
  if (state === undefined) return text('standing.untried', speech);
  if (state.error !== null) return problemWords(state.error, speech);
  if ('health' in state) return text(state.health === 'ok' ? 'standing.read' : 'standing.unread', speech);
  switch (state.status) {
    case 'handsOff':
    case 'offline':
      return text(`standing.${state.status}`, speech);
    default:
      return text(state.claimed ? 'standing.claimed' : 'standing.own', speech);
  }
}
