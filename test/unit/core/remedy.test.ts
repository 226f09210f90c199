import { describe, expect, it } from 'vitest';
import type { ProviderName } from '../../../src/core/accounts.ts';
import { ERROR_CODES, type ErrorCode, type ErrorInfo } from '../../../src/core/appError.ts';
import { isNetworkReason, SIGN_IN_PAGE } from '../../../src/core/networkErrors.ts';
import { CATALOGUE } from '../../../src/core/providerCatalogue.ts';
import { actionOf, localRemedy, type Remedy, remedyOf } from '../../../src/core/remedy.ts';
import { layerSettings } from '../../../src/core/settings.ts';

const URL = 'https://help.example.com/new';
const without = layerSettings({}).settings;
const withDesk = layerSettings({ organisation: { helpDeskUrl: URL } }).settings;

const failing = (provider: ProviderName, code: ErrorCode, reason: string | null = null) => {
  const error: ErrorInfo = { code, message: 'It went wrong.', reason, since: 0, tries: 3 };
  return { id: 'one', provider, error } as Parameters<typeof remedyOf>[0];
};
const renew: Remedy = { kind: 'prompt', prompt: { kind: 'renew', account: 'one' } };
const desk: Remedy = { kind: 'openAddress', url: URL };

/** What the person can do, with a help desk and, where that is another step, without. */
const STEPS: Readonly<Record<ErrorCode, readonly [Remedy, Remedy?]>> = {
  unauthorized: [renew],
  forbidden: [renew],
  notFound: [renew],
  rateLimited: [{ kind: 'waits' }],
  serverError: [desk, { kind: 'openLog' }],
  unavailable: [desk, { kind: 'openLog' }],
  network: [{ kind: 'checks' }],
  timeout: [{ kind: 'checks' }],
  badResponse: [desk, { kind: 'openLog' }],
  invalidInput: [{ kind: 'checks' }],
  locked: [{ kind: 'openLog' }],
  conflict: [{ kind: 'waits' }],
  cancelled: [{ kind: 'waits' }],
};

describe('each kind of error names one next step', () => {
  it.each(ERROR_CODES)('%s', (code) => {
    const [first, second = first] = STEPS[code];
    expect(remedyOf(failing('slack', code), withDesk)).toEqual(first);
    expect(remedyOf(failing('slack', code), without)).toEqual(second);
  });

  it('whatever the provider, and whatever the disk, the network or the service say', () => {
    const network = ['offline', 'dns', 'timeout', 'certificateDates', 'tls', 'proxyAuth'];
    expect(network.every(isNetworkReason)).toBe(true);
    const reasons = [null, 'diskFull', 'notConfigured', 'accountInactive', SIGN_IN_PAGE, ...network];
    for (const provider of Object.keys(CATALOGUE) as ProviderName[])
      for (const code of ERROR_CODES)
        for (const reason of reasons)
          expect(remedyOf(failing(provider, code, reason), without), `${provider} ${code} ${reason}`).not.toBeNull();
  });

  it.each([
    ['hipchat', 'notFound', null, { kind: 'prompt', prompt: { kind: 'email' } }],
    ['ics', 'invalidInput', null, renew],
    ['hipchat', 'unauthorized', 'accountInactive', desk],
    ['slack', 'invalidInput', 'notConfigured', desk],
    ['slack', 'badResponse', SIGN_IN_PAGE, { kind: 'checks' }],
    ['slack', 'serverError', 'diskFull', { kind: 'openLog' }],
    ['slack', 'unauthorized', 'noAccess', { kind: 'openLog' }],
  ] as const)('%s, %s, %s: the finer reason decides', (provider, code, reason, remedy) => {
    expect(remedyOf(failing(provider, code, reason), withDesk)).toEqual(remedy);
  });

  it('names nobody to open where only others can help and no help desk is known', () => {
    expect(remedyOf(failing('slack', 'unauthorized', 'account_inactive'), without)).toEqual({ kind: 'ask' });
  });

  it('has none where nothing is wrong', () => {
    expect(remedyOf({ id: 'one', provider: 'slack', error: null }, withDesk)).toBeNull();
  });

  it.each(['keychain', 'disk', 'settings'] as const)(
    '%s: the message says what to do, the log has the rest',
    (trouble) => {
      expect(localRemedy(trouble, withDesk)).toEqual({ kind: 'openLog' });
    },
  );
});

describe('a notice about it', () => {
  it('opens what there is to open', () => {
    const opened: readonly Remedy[] = [renew, desk, { kind: 'openLog' }, { kind: 'checks' }];
    expect(opened.map(actionOf)).toEqual(opened);
    expect(actionOf({ kind: 'waits' })).toEqual({ kind: 'none' });
    expect(actionOf({ kind: 'ask' })).toEqual({ kind: 'none' });
    expect(actionOf(null)).toEqual({ kind: 'none' });
  });
});
