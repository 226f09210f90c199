import { isNetworkReason } from './networkErrors.ts';
import type { TextKey } from './texts.ts';
import { isUpdateFault, type UpdateState } from './updateState.ts';

/** What is said of a failed look, download or installation: what it is and what helps. */
export function failureText({ code, reason }: Extract<UpdateState, { kind: 'failed' }>): TextKey {
  if (isUpdateFault(reason)) return `update.failed.${reason}`;
  if (isNetworkReason(reason) || code === 'network' || code === 'timeout') return 'update.failed.network';
  return code === 'unauthorized' || code === 'forbidden' ? 'update.failed.refused' : 'update.failed.other';
}
