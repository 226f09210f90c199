import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { xmppProvider } from '../../src/adapters/chat/xmpp/provider.ts';
import type { Presence } from '../../src/core/presence.ts';
import { chatContract } from './chat-contract.ts';
import { openXmpp, type XmppWorld } from './chat-xmpp-world.ts';
import { type Prosody, startProsody } from './servers/prosody.ts';
import { XmppPerson } from './servers/xmppPerson.ts';

const run = promisify(execFile);
let server: Prosody;

beforeAll(async () => {
  server = await startProsody();
});
afterAll(() => server.close());

chatContract('XMPP (Prosody)', () => openXmpp(server));

describe('XMPP, beyond the contract of chats', () => {
  const signal = new AbortController().signal;
  const meeting: Presence = { state: 'dnd', text: 'In a meeting', emoji: '', until: null };
  let world: XmppWorld;
  const read = () => world.provider.read(signal);
  const set = async (presence = meeting) => world.provider.write({ presence }, await read(), signal);
  const hipstatus = async () => {
    await world.colleague.settle();
    return world.colleague.hipstatus;
  };

  beforeEach(async () => {
    world = await openXmpp(server);
  });
  afterEach(() => world.close());

  it('a colleague sees do not disturb with its text, on a resource that gets no messages', async () => {
    await set();
    expect(await hipstatus()).toEqual({ show: 'dnd', status: 'In a meeting', priority: -1 });
  });

  it('with nothing to say it says what the clients do, and follows them', async () => {
    await world.person.say({ show: 'xa', status: 'Gone fishing' });
    await read();
    expect(await hipstatus()).toEqual({ show: 'xa', status: 'Gone fishing', priority: -1 });
    await world.person.say({ show: 'chat' });
    await world.colleague.sees(() => world.colleague.hipstatus?.show === 'chat');
    await world.person.leave();
    expect((await read()).presence.state).toBe('offline');
    expect(await hipstatus()).toEqual({ show: 'xa', status: '', priority: -1 });
    await world.person.say();
    expect((await read()).presence.state).toBe('available');
    expect(world.landed()).toBe(0);
  });

  it('gives back exactly what the clients say, an "xa" too', async () => {
    await world.person.say({ show: 'xa', status: 'Gone fishing' });
    const before = await read();
    expect(before.presence).toMatchObject({ state: 'away', text: 'Gone fishing' });
    await set();
    await world.provider.write({ presence: before.presence }, await read(), signal);
    await world.colleague.settle();
    const both = [...world.colleague.seen.values()].filter(({ show }) => show !== '');
    const fishing = { show: 'xa', status: 'Gone fishing' };
    expect(both).toEqual(
      expect.arrayContaining([
        { ...fishing, priority: 5 },
        { ...fishing, priority: -1 },
      ]),
    );
  });

  it.each([
    ['do not disturb', { show: 'dnd' as const }, { state: 'dnd', text: '' }],
    ['a text', { status: 'Back at five' }, { state: 'available', text: 'Back at five' }],
  ])('stops at once when the person sets %s in their client', async (_name, said, expected) => {
    await set();
    await world.person.say(said);
    await world.colleague.sees(() => world.colleague.hipstatus?.status !== 'In a meeting');
    expect((await read()).presence).toMatchObject(expected);
  });

  it('takes neither idling, nor coming back from it, nor another client for a word', async () => {
    await set();
    await world.person.say({ show: 'away', isIdle: true });
    expect((await read()).presence).toEqual(meeting);
    await world.person.say();
    const phone = await XmppPerson.connect(server, world.name, world.token, 'phone');
    await phone.say({ priority: 10 });
    expect((await read()).presence).toEqual(meeting);
    await world.person.leave();
    expect((await read()).presence).toEqual(meeting);
    expect(await hipstatus()).toMatchObject({ show: 'dnd' });
    phone.close();
  });

  it('says that a person is idle, and leaves them so', async () => {
    await world.person.say({ show: 'away', isIdle: true });
    const before = await read();
    expect(before).toMatchObject({ presence: { state: 'away' }, isAutomatic: true });
    await set();
    const back: Presence = { ...before.presence, state: 'available' };
    await world.provider.write({ presence: back }, await read(), signal);
    expect(await hipstatus()).toMatchObject({ show: 'away', status: '' });
  });

  it('goes by the client with the highest priority', async () => {
    const phone = await XmppPerson.connect(server, world.name, world.token, 'phone');
    await phone.say({ show: 'dnd', status: 'On the phone', priority: 10 });
    expect((await read()).presence).toMatchObject({ state: 'dnd', text: 'On the phone' });
    await phone.say({ priority: -5 });
    expect((await read()).presence).toMatchObject({ state: 'available', text: '' });
    phone.close();
  });

  it('keeps characters that XML can not hold out of the stream', async () => {
    await set({ ...meeting, text: 'a\u0000b\u000bc\ud800d' });
    expect((await read()).presence.text).toBe('abcd');
    expect((await hipstatus())?.status).toBe('abcd');
  });

  it('says it again by itself after the connection was lost', async () => {
    await set();
    world.proxy.drop();
    await world.colleague.sees(() => world.colleague.hipstatus === undefined);
    await world.colleague.sees(() => world.colleague.hipstatus?.show === 'dnd');
    expect((await read()).presence).toEqual(meeting);
  });

  it('does not say it again when the person said something meanwhile', async () => {
    await set();
    const restore = world.proxy.cutOff();
    await world.colleague.sees(() => world.colleague.hipstatus === undefined);
    await world.person.say({ show: 'away', status: 'Lunch' });
    restore();
    expect((await read()).presence).toMatchObject({ state: 'away', text: 'Lunch' });
    expect(await hipstatus()).toMatchObject({ show: 'away', status: 'Lunch' });
  });

  it('is gone for the others when it is closed, and can not be used any more', async () => {
    await set();
    await world.provider.close?.();
    await world.colleague.sees(() => world.colleague.hipstatus === undefined);
    await expect(read()).rejects.toMatchObject({ code: 'network' });
    await world.provider.close?.();
    expect(await hipstatus()).toBeUndefined();
  });

  it('leaves nothing behind that would keep the process', async () => {
    const job = {
      address: `${world.name}@${server.domain}`,
      server: `xmpp://127.0.0.1:${server.port}`,
      password: world.token,
      ca: server.certificate,
    };
    const program = join(import.meta.dirname, 'fixtures', 'xmpp-once.ts');
    // Ends by itself, or the time limit fails it.
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program, JSON.stringify(job)], {
      timeout: 15_000,
    });
    const { state, left } = JSON.parse(stdout) as { state: string; left: string[] };
    expect(state).toBe('available');
    expect(left.filter((kind) => /Timeout|TCP|TLS/.test(kind))).toEqual([]);
    expect(world.colleague.told.map(({ status }) => status)).toContain('Once');
  });

  it('replaces a connection that is dead but does not say so', async () => {
    await set();
    world.proxy.stall();
    expect((await read()).presence).toEqual(meeting);
    expect(await hipstatus()).toMatchObject({ show: 'dnd', status: 'In a meeting' });
  }, 20_000);
});

describe('XMPP, signing in', () => {
  const signal = new AbortController().signal;
  const read = async (target: Prosody, more: Partial<Parameters<typeof xmppProvider>[1]> = {}) => {
    const provider = xmppProvider(
      { id: 'x', label: 'XMPP' },
      {
        address: `grace@${target.domain}`,
        server: `xmpp://127.0.0.1:${target.port}`,
        password: async () => 'pencil',
        now: Date.now,
        certificates: () => [target.certificate],
        ...more,
      },
    );
    try {
      return await provider.read(signal);
    } finally {
      await provider.close?.();
    }
  };

  beforeAll(() => server.addUser('grace', 'pencil'));

  it('works with TLS from the first byte', async () => {
    expect((await read(server, { server: `xmpps://127.0.0.1:${server.directPort}` })).presence.state).toBe('offline');
  });

  it.each([
    ['a wrong password', { password: async () => 'pen' }, 'unauthorized', 'not-authorized'],
    ['a domain that the server does not serve', { address: 'grace@other.example' }, 'network', 'host-unknown'],
    ['a certificate that nobody vouches for', { certificates: () => [] }, 'network', 'certificate'],
    ['a host that does not listen', { server: 'xmpp://127.0.0.1:1' }, 'network', null],
    ['an address that is none', { address: 'grace' }, 'invalidInput', 'address'],
    ['a server that is none', { server: 'https://127.0.0.1/x' }, 'invalidInput', 'address'],
  ])('%s is its own error', async (_name, more, code, reason) => {
    const error = await read(server, more).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, reason });
    expect(String((error as Error).stack)).not.toMatch(/pencil|grace/);
  });

  it('the certificate must be for the domain of the address, whatever the host is called', async () => {
    const other = await startProsody({ certificateFor: '127.0.0.1.example' });
    await expect(read(other)).rejects.toMatchObject({ code: 'network', reason: 'certificate' });
    await other.close();
  });

  it('without TLS signs in on this machine only, and even there not with the bare password', async () => {
    const plain = await startProsody({ tls: 'none' });
    plain.addUser('grace', 'pencil');
    expect((await read(plain)).presence.state).toBe('offline');
    await plain.close();
  });
});
