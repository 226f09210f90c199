import { describe, expect, it } from 'vitest';
import type { AccountFact, CheckError, HostFact, SelfTestFacts } from '../../../src/core/checkFacts.ts';
import { redact, reportLines } from '../../../src/core/checkReport.ts';
import { checksOf, isWell } from '../../../src/core/checks.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { MINUTE } from '../../../src/core/time.ts';

const error = (
  code: CheckError['code'],
  reason: string | null = null,
  message = 'What the service said.',
): CheckError => ({
  code,
  reason,
  message,
});

const host = (name: string, more: Partial<HostFact> = {}): HostFact => ({
  host: name,
  isSecure: true,
  route: { proxy: null, from: 'system' },
  error: null,
  ...more,
});

const calendar: AccountFact = {
  id: 'work',
  kind: 'calendar',
  label: 'Microsoft 365 (ada@example.com)',
  error: null,
  events: 1,
  can: [],
};
const chat: AccountFact = {
  id: 'slack',
  kind: 'chat',
  label: 'Slack',
  error: null,
  events: null,
  can: ['away', 'text'],
};

const WELL: SelfTestFacts = {
  at: 0,
  isOnline: true,
  hosts: [host('graph.example'), host('slack.example')],
  trustedFiles: [],
  clockAhead: 300,
  keychain: null,
  settings: [],
  accounts: [calendar, chat],
};

const check = (facts: Partial<SelfTestFacts>, id: string) =>
  checksOf({ ...WELL, ...facts }, ENGLISH).find((one) => one.id === id);

describe('checksOf', () => {
  it('is a line for everything, in one order', () => {
    const checks = checksOf(WELL, ENGLISH);
    expect(isWell(checks)).toBe(true);
    expect(checks.map(({ id, status }) => [id, status])).toEqual(
      [
        'network',
        'proxy',
        'certificates',
        'clock',
        'keychain',
        'settings',
        'signIn',
        'permission',
        'calendar.work',
        'chat.slack',
      ].map((id) => [id, 'ok']),
    );
    expect(checks.every(({ nextStep }) => nextStep === null)).toBe(true);
    expect(checks.map(({ text }) => text)).toEqual([
      'Answers from graph.example and slack.example.',
      'No proxy, directly: graph.example and slack.example.',
      'Trusted: graph.example and slack.example.',
      "This computer's clock agrees with the services'.",
      'It can be used.',
      'All could be read.',
      'Accepted by Microsoft 365 (ada@example.com) and Slack.',
      'Given by Microsoft 365 (ada@example.com) and Slack.',
      'Could be read: 1 event in the next hour.',
      'Could be read. It can be told: Away and a status text.',
    ]);
  });

  it('says what is wrong with the network, one sentence a reason', () => {
    const hosts = [
      host('a.example', { error: error('network', 'dns') }),
      host('b.example', { error: error('network', 'dns') }),
      host('c.example', { error: error('network', 'refused') }),
      host('d.example'),
    ];
    expect(check({ hosts }, 'network')).toMatchObject({
      status: 'failed',
      text: 'The host name of a.example and b.example was not found. c.example refuses the connection: nothing answers at its address.',
      nextStep: expect.stringContaining('Check the network connection and VPN'),
    });
    expect(check({ isOnline: false }, 'network')).toMatchObject({ status: 'failed', text: 'There is no network.' });
    expect(check({ hosts: [] }, 'network')).toMatchObject({ status: 'unknown' });
    expect(check({ hosts: [host('x', { error: error('network') })] }, 'network')?.text).toBe('x could not be reached.');
  });

  it('says which proxy is used for what, and from where that is known', () => {
    const viaProxy = { proxy: 'proxy.example:8080', from: 'HTTPS_PROXY' };
    const hosts = [host('a.example', { route: viaProxy }), host('b.example'), host('c.example', { route: viaProxy })];
    expect(check({ hosts }, 'proxy')?.text).toBe(
      'Through proxy.example:8080 (from HTTPS_PROXY): a.example and c.example. Directly: b.example.',
    );
    const asking = [
      host('a.example', { route: { ...viaProxy, from: 'system' }, error: error('network', 'proxyAuth') }),
    ];
    expect(check({ hosts: asking }, 'proxy')).toMatchObject({
      status: 'failed',
      text: "Your proxy asks for a sign-in, so a.example could not be reached. Through proxy.example:8080 (from this computer's settings): a.example.",
      nextStep: expect.stringContaining('HTTPS_PROXY'),
    });
    expect(check({ hosts: asking }, 'network')).toMatchObject({ status: 'unknown' });
    expect(check({ hosts: asking }, 'certificates')).toMatchObject({ status: 'unknown' });
  });

  it('says whose certificate is not trusted and why, and what came of the files', () => {
    const hosts = [host('a.example', { error: error('network', 'certificateAuthority') }), host('b.example')];
    const file = { file: '/etc/ca.pem', count: 2, outdated: 1, error: null };
    expect(check({ hosts, trustedFiles: [file] }, 'certificates')).toMatchObject({
      status: 'failed',
      text: 'The certificate of a.example comes from an authority that this computer does not trust. /etc/ca.pem: 2 certificates read, 1 of them not valid now.',
      nextStep: expect.stringContaining('organisation.trustedCertificateFiles'),
    });
    expect(check({ hosts }, 'network')).toMatchObject({ status: 'ok' });
    const broken = {
      file: 'x',
      count: 0,
      outdated: 0,
      error: error('invalidInput', 'certificateFile', 'x is not there.'),
    };
    expect(check({ trustedFiles: [broken] }, 'certificates')).toMatchObject({
      status: 'failed',
      text: 'Trusted: graph.example and slack.example. x is not there.',
    });
  });

  it.each([
    [2 * MINUTE, 'ok', 'agrees'],
    [-2 * MINUTE, 'ok', 'agrees'],
    [2 * MINUTE + 1, 'failed', '2 minutes ahead of'],
    [-61 * MINUTE, 'failed', '61 minutes behind'],
    [null, 'unknown', 'No service has said'],
  ])('a clock that is %s ms ahead: %s', (clockAhead, status, text) => {
    expect(check({ clockAhead }, 'clock')).toMatchObject({ status, text: expect.stringContaining(text) });
  });

  it('names the keychain, the settings that do not hold, and what is not set up', () => {
    const locked = error('locked', null, 'The keychain is locked.');
    expect(check({ keychain: locked }, 'keychain')).toMatchObject({
      status: 'failed',
      text: 'The keychain is locked.',
    });
    const problems = [{ path: 'rules.allDay', message: 'Not known.' }];
    expect(check({ settings: problems }, 'settings')).toMatchObject({
      status: 'failed',
      text: 'rules.allDay: Not known.',
    });
    expect(check({ accounts: [] }, 'settings')).toMatchObject({
      status: 'failed',
      text: 'All could be read, but no calendar and no chat is set up.',
    });
    expect(check({ accounts: [] }, 'signIn')).toMatchObject({ status: 'unknown' });
  });

  it('tells sign-in from permission, and both from what could not be tried', () => {
    const refused = { ...chat, error: error('unauthorized', null, 'Update the token.') };
    const forbidden = {
      ...calendar,
      label: 'Outlook',
      error: error('forbidden', 'consentRequired', 'Ask for consent.'),
    };
    const accounts = [forbidden, refused, { ...chat, id: 'x', label: 'X', error: error('network', 'dns') }];
    expect(check({ accounts }, 'signIn')).toMatchObject({
      status: 'failed',
      text: 'Not accepted by Slack. Accepted by Outlook.',
      nextStep: 'Update the token.',
    });
    expect(check({ accounts }, 'permission')).toMatchObject({ status: 'failed', text: 'Not given by Outlook.' });
    expect(check({ accounts }, 'chat.slack')).toMatchObject({ status: 'failed', text: 'Update the token.' });
    expect(check({ accounts }, 'chat.x')).toMatchObject({
      status: 'failed',
      text: 'The host name of X was not found.',
      nextStep: 'See "Network".',
    });
  });

  it('takes a sign-in page for the network’s', () => {
    const accounts = [{ ...chat, error: error('badResponse', 'signInPage') }];
    expect(check({ accounts }, 'chat.slack')).toMatchObject({
      text: expect.stringContaining('sign-in page of a network'),
      nextStep: expect.stringContaining('Open a browser'),
    });
  });
});

describe('the report', () => {
  it('marks what fails, and puts the next step beneath it', () => {
    const lines = reportLines(checksOf({ ...WELL, clockAhead: 5 * MINUTE }, ENGLISH), '', ENGLISH);
    expect(lines.find((line) => line.includes('5 minutes'))).toMatch(/^FAILED {2}Clock +This computer's clock is 5/);
    expect(lines[lines.findIndex((line) => line.includes('5 minutes')) + 1]).toMatch(/^ +Have the clock set/);
    expect(lines[0]).toMatch(/^ok {6}Network +Answers/);
  });

  it('holds no address of a person and not their folder', () => {
    const trustedFiles = [{ file: '/home/ada/ca.pem', count: 1, outdated: 0, error: null }];
    const text = reportLines(checksOf({ ...WELL, trustedFiles }, ENGLISH), '/home/ada', ENGLISH).join('\n');
    expect(text).toContain('Microsoft 365 (a…@example.com)');
    expect(text).toContain('~/ca.pem');
    expect(text).not.toMatch(/ada/);
    expect(redact('grace.hopper+x@mail.contoso.example, /x', '/')).toBe('g…@mail.contoso.example, /x');
  });
});
