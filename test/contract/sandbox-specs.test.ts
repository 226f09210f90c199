import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/sandbox/index.ts';
import { connectFindings, misfits } from './hipchat-connect.ts';
import { checkExchange } from './openapi.ts';
import { loadContracts, SPECS_MISSING, specsFolder } from './specs.ts';

const contracts = loadContracts();
// The one place that says it, so that it is said once.
if (!contracts) process.stderr.write(`${SPECS_MISSING}\n`);

const base: Exchange = {
  service: 'graph',
  method: 'GET',
  path: '/v1.0/me/calendarView',
  query: { startDateTime: '2026-01-05T00:00:00Z', endDateTime: '2026-01-06T00:00:00Z' },
  headers: { authorization: 'Bearer #1' },
  body: undefined,
  status: 200,
  responseHeaders: {},
  responseBody: { value: [] },
  at: 0,
  injected: false,
};

const put: Exchange = {
  ...base,
  service: 'hipchat',
  method: 'PUT',
  path: '/v2/user/ada%40contoso.example',
  query: {},
  headers: { authorization: 'Bearer #1', 'content-type': 'application/json' },
  body: { name: 'Ada', email: 'ada@contoso.example', mention_name: 'Ada', presence: { show: 'dnd', status: 'x' } },
  status: 204,
  responseBody: undefined,
};

const profile: Exchange = {
  ...put,
  service: 'slack',
  method: 'POST',
  path: '/api/users.profile.set',
  headers: { authorization: 'Bearer #1', 'content-type': 'application/x-www-form-urlencoded' },
  body: { profile: JSON.stringify({ status_text: 'Busy', status_emoji: ':calendar:', status_expiration: 1 }) },
  status: 200,
  responseBody: { ok: false, error: 'token_revoked' },
};

describe('the folder of the contracts', () => {
  it('is the one HIPSTATUS_SPECS names, and none where a file is missing', () => {
    expect(specsFolder({ HIPSTATUS_SPECS: '/nowhere' })).toBeUndefined();
    expect(SPECS_MISSING).toMatch(/microsoftgraph\/\S+.*slackapi\/slack-api-specs.*ymtszw\/hipchat_swagger/);
    expect(SPECS_MISSING).not.toContain('\n');
  });
});

describe.skipIf(!contracts)('the contract checker', () => {
  const graph = (change: Partial<Exchange>) => contracts && checkExchange(contracts.graph, { ...base, ...change });
  const hipchat = (change: Partial<Exchange>) => contracts && checkExchange(contracts.hipchat, { ...put, ...change });
  const slack = (change: Partial<Exchange>) => contracts && checkExchange(contracts.slack, { ...profile, ...change });
  const { endDateTime: _end, ...noEnd } = base.query;

  it('finds nothing in good exchanges', () => {
    expect([graph({}), hipchat({}), slack({})]).toEqual([[], [], []]);
  });

  it.each([
    ['an unknown path', { path: '/v1.0/me/calender' }, /not in the contract/],
    ['a path outside the API', { path: '/beta/me' }, /not under/],
    ['an unknown method', { method: 'DELETE' }, /method DELETE/],
    ['a missing query parameter', { query: noEnd }, /endDateTime is missing/],
    ['an unknown query parameter', { query: { ...base.query, $skipp: '1' } }, /\$skipp/],
    ['a query parameter of the wrong type', { query: { ...base.query, $top: 'many' } }, /\$top/],
    ['a missing credential', { headers: {} }, /authorization is missing/],
    ['an answer that does not fit', { responseBody: { value: [{ id: 'a', showAs: 'sleeping' }] } }, /showAs/],
    ['a wrong type deep inside', { responseBody: { value: [{ id: 'a', isAllDay: 'no' }] } }, /isAllDay/],
    ['an error without its shape', { status: 400, responseBody: { message: 'x' } }, /error/],
    ['a body that is missing', { responseBody: undefined }, /no body/],
  ] as const)('Graph: finds %s', (_name, change, finding) => {
    expect(graph(change as Partial<Exchange>)?.join('\n')).toMatch(finding);
  });

  it.each([
    ['a body without its required field', { body: { name: 'Ada', email: 'a@b' } }, /mention_name/],
    ['an unknown show', { body: { ...(put.body as object), presence: { show: 'busy' } } }, /presence\/show/],
    ['no body at all', { body: undefined }, /body is missing/],
    ['another content type', { headers: { ...put.headers, 'content-type': 'text/plain' } }, /content type/],
    ['an answer that should be empty', { responseBody: { id: 1 } }, /must be empty/],
    ['a status it does not document', { status: 202 }, /status 202/],
  ] as const)('HipChat: finds %s', (_name, change, finding) => {
    expect(hipchat(change as Partial<Exchange>)?.join('\n')).toMatch(finding);
  });

  it.each([
    ['a status text too long, inside the form', { body: { profile: `{"status_text":"${'x'.repeat(101)}"}` } }, /100/],
    ['a form field that is no JSON', { body: { profile: 'Busy' } }, /not JSON/],
    ['an error name nobody documents', { responseBody: { ok: false, error: 'tired' } }, /error/],
    ['a good answer without its profile', { responseBody: { ok: true } }, /profile/],
  ] as const)('Slack: finds %s', (_name, change, finding) => {
    expect(slack(change as Partial<Exchange>)?.join('\n')).toMatch(finding);
  });
});

describe.skipIf(!contracts)("the checker of HipChat Connect's bodies", () => {
  const delivery = {
    ...put,
    service: 'addon',
    method: 'POST',
    path: '/hook',
    body: { event: 'room_enter', webhook_id: 1, item: { sender: { id: 1, name: 'Ada', mention_name: 'Ada' } } },
  };

  it('finds nothing in good ones', () => {
    expect(connectFindings([delivery])).toEqual([]);
    expect(misfits('glanceContent', { label: { type: 'html', value: 'x' } })).toEqual([]);
  });

  it('finds what is wrong in a webhook, an installation, a token and a capabilities document', () => {
    const answer = { ...put, method: 'GET', status: 200, body: undefined };
    const findings = connectFindings([
      { ...delivery, body: { ...delivery.body, webhook_id: '1' } },
      { ...delivery, body: { oauthId: 'a', oauthSecret: '#1', groupId: '1', capabilitiesUrl: 'http://a.example' } },
      { ...answer, method: 'POST', path: '/v2/oauth/token', responseBody: { access_token: '#1' } },
      { ...answer, path: '/v2/capabilities', responseBody: { links: {} } },
      { ...answer, path: '/v2/nowhere', responseBody: {} },
    ]);
    for (const part of [/webhook_id/, /groupId/, /expires_in/, /links.*self/, /nowhere.*served/]) {
      expect(findings.join('\n')).toMatch(part);
    }
  });
});
