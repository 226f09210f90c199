import { describe, expect, it } from 'vitest';
import { addressOf, endpointsOf, isLoopback, serverOf } from '../../../../src/adapters/chat/xmpp/address.ts';
import { conditionError, xmppError } from '../../../../src/adapters/chat/xmpp/errors.ts';
import { presenceStanza } from '../../../../src/adapters/chat/xmpp/schema.ts';
import {
  type ClientPresence,
  type Clients,
  isPersonsWord,
  resting,
  saidBy,
  speaker,
  toClient,
  toReading,
  toSay,
  xmlText,
} from '../../../../src/adapters/chat/xmpp/transform.ts';
import type { Presence } from '../../../../src/core/presence.ts';

const client = (more: Partial<ClientPresence> = {}): ClientPresence => ({
  show: null,
  state: 'available',
  text: '',
  priority: 0,
  isAutomatic: false,
  ...more,
});
const clients = (...list: ClientPresence[]): Clients => new Map(list.map((one, index) => [`r${index}`, one]));
const dnd = client({ show: 'dnd', state: 'dnd' });
const idle = client({ show: 'away', state: 'away', isAutomatic: true });
const hello = client({ text: 'Hello' });

describe('an XMPP address and server', () => {
  it.each([
    ['ada@example.com', { local: 'ada', domain: 'example.com' }],
    [' xmpp:Ada@Example.COM/laptop/2 ', { local: 'Ada', domain: 'example.com' }],
    ['ada@bücher.example', { local: 'ada', domain: 'bücher.example' }],
  ])('%s is one', (written, expected) => expect(addressOf(written)).toEqual(expected));

  it.each(['ada', '@example.com', 'ada@', 'a b@example.com', 'ada@exa mple.com', 'a@b@c'])('%s is none', (written) => {
    expect(() => addressOf(written)).toThrow(expect.objectContaining({ code: 'invalidInput', reason: 'address' }));
  });

  it.each([
    ['xmpps://chat.example.com', { host: 'chat.example.com', port: 5223, isDirectTls: true }],
    ['xmpp://[::1]:5299', { host: '::1', port: 5299, isDirectTls: false }],
    ['chat.example.com', { host: 'chat.example.com', port: 5222, isDirectTls: false }],
  ])('%s is a server', (written, expected) => expect(serverOf(written)).toEqual(expected));

  it.each(['https://chat.example.com', 'xmpp://', 'xmpp://a:b', 'xmpp://a:70000'])('%s is none', (written) => {
    expect(() => serverOf(written)).toThrow(expect.objectContaining({ code: 'invalidInput' }));
  });

  it('this machine is found without asking anyone', async () => {
    expect(['127.0.0.1', '::1', 'localhost', '127.9.9.9'].every(isLoopback)).toBe(true);
    expect(['127.0.0.1.example.com', '10.0.0.1', 'localhost.example.com'].some(isLoopback)).toBe(false);
    expect(await endpointsOf('127.0.0.1')).toEqual([{ host: '127.0.0.1', port: 5222, isDirectTls: false }]);
  });
});

describe('what XMPP clients say', () => {
  it('a stanza is read with the defaults of RFC 6121', () => {
    const plain = presenceStanza.parse({ from: 'ada@example.com/laptop', isIdle: false });
    expect(toClient(plain)).toEqual(client());
    const odd = { from: 'a@b/c', show: 'sleeping', status: 'Hi', priority: 'high', isIdle: true };
    expect(toClient(presenceStanza.parse(odd))).toEqual(client({ text: 'Hi' }));
    const xa = { from: 'a@b/c', show: 'xa', priority: '-3', isIdle: true };
    expect(toClient(presenceStanza.parse(xa))).toMatchObject({ state: 'away', isAutomatic: true, priority: -3 });
  });

  it('the highest priority speaks, and among equals the one that says more', () => {
    expect(speaker(clients(client({ priority: 1 }), dnd))?.state).toBe('available');
    expect(speaker(clients(client(), dnd, idle))?.state).toBe('dnd');
    expect(speaker(clients(idle, client()))?.state).toBe('available');
    expect(toReading(new Map()).presence.state).toBe('offline');
  });

  it('without anything to say we say the same, or that nobody is there', () => {
    expect(resting(clients(client({ show: 'chat', text: 'Hi' })))).toEqual({ show: 'chat', text: 'Hi' });
    expect(resting(new Map())).toEqual({ show: 'xa', text: '' });
  });

  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until: null };

  it('nothing is said over clients that say it already, nor over idling that is given back', () => {
    expect(toSay(meeting, 'available', clients(client()))).toEqual(meeting);
    expect(toSay({ ...meeting, text: '' }, 'dnd', clients(dnd))).toBeNull();
    expect(toSay({ ...meeting, state: 'available', text: '' }, 'dnd', clients(idle))).toBeNull();
    expect(toSay({ ...meeting, state: 'busy' }, 'away', clients(client()))).toMatchObject({ state: 'away' });
  });

  it('XML holds no control characters and no torn emoji', () => {
    expect(xmlText('a\u0000\ud83d b\r\nc \ud83c\udf34\tü<&>')).toBe('a b\nc \ud83c\udf34\tü<&>');
  });
});

describe("the person's word in their own client", () => {
  it.each([
    ['do not disturb', clients(client()), clients(dnd), true],
    ['another text', clients(hello), clients(client({ text: 'Bye' })), true],
    ['taking the text away', clients(hello), clients(client()), true],
    ['a new client with do not disturb', clients(client()), clients(client(), dnd), true],
    ['do not disturb after idling', clients(idle), clients(dnd), true],
    ['nothing', clients(hello), clients(hello), false],
    ['idling', clients(client()), clients(idle), false],
    ['coming back from idling', clients(idle), clients(client()), false],
    ['going', clients(hello), clients(), false],
    ['a new client with nothing to say', clients(hello), clients(hello, client({ priority: 9 })), false],
    ['the same client under another name', clients(hello), new Map([['other', hello]]), false],
    ['another priority', clients(hello), clients(client({ text: 'Hello', priority: 7 })), false],
  ])('%s', (_name, before, now, expected) => {
    expect(isPersonsWord(saidBy(before), now)).toBe(expected);
  });
});

describe('errors of XMPP', () => {
  it.each([
    ['not-authorized', 'unauthorized'],
    ['account-disabled', 'forbidden'],
    ['host-unknown', 'network'],
    ['policy-violation', 'forbidden'],
    ['resource-constraint', 'rateLimited'],
    ['system-shutdown', 'unavailable'],
    ['internal-server-error', 'serverError'],
    ['conflict', 'conflict'],
    ['something-new', 'badResponse'],
  ])('%s is %s', (condition, code) => expect(conditionError(condition).code).toBe(code));

  it('nothing of the server’s own words is taken over', () => {
    const thrown = Object.assign(new Error('grace@example.com is gone'), { condition: 'gone <b>', text: 'grace' });
    const error = xmppError(thrown);
    expect(error).toMatchObject({ code: 'badResponse', reason: 'condition' });
    expect(`${error.stack} ${String(error.cause)}`).not.toContain('grace');
    const lost = xmppError(Object.assign(new Error('connect ENOTFOUND ada.example'), { code: 'ENOTFOUND' }));
    expect(lost.code).toBe('network');
    expect(String(lost.cause)).toBe('Error: ENOTFOUND');
  });
});
