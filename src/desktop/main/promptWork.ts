import type { Accounts } from '../../engine/accounts.ts';
import type { PromptWork } from './promptSession.ts';

/** The accounts workflow as what prompts ask for. */
export const promptWork = (accounts: Accounts): PromptWork => ({
  email: (address, signal) => accounts.changeEmail(address, signal),
  statusMessage: async (message) => accounts.changeStatusMessage(message),
  icsAddress: (answer, signal) => accounts.changeIcsAddress(answer, signal),
  icsPassword: (password, signal) => accounts.changeIcsPassword(password, signal),
  hipchatToken: (token, signal) => accounts.changeToken('hipchat', token, signal),
  slackToken: (token, signal) => accounts.changeToken('slack', token, signal),
  signInWithBrowser: (signal) => accounts.signIn(signal),
  signInWithDeviceCode: (onCode, signal) => accounts.signIn(signal, onCode),
});
