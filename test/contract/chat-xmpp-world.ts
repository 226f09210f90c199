import { xml } from '@xmpp/client';
import { xmppProvider } from '../../src/adapters/chat/xmpp/provider.ts';
import type { Presence, PresenceState } from '../../src/core/presence.ts';
import type { ChatWorld } from './chat-contract.ts';
import type { Prosody } from './servers/prosody.ts';
import { startTcpProxy, type TcpProxy } from './servers/tcpProxy.ts';
import { type Seen, XmppPerson } from './servers/xmppPerson.ts';

/** A person with a client of their own, a colleague who sees them, and our provider, all on one real server. */
export interface XmppWorld extends ChatWorld {
  readonly name: string;
  readonly colleagueName: string;
  readonly person: XmppPerson;
  readonly colleague: XmppPerson;
  readonly proxy: TcpProxy;
  /** Another provider of the same account, as after a restart. */
  restart(): ChatWorld['provider'];
}

let count = 0;

const SHOWS: Partial<Record<PresenceState, 'dnd' | 'away'>> = { dnd: 'dnd', away: 'away' };
const STATES: Readonly<Record<string, PresenceState>> = { dnd: 'dnd', away: 'away', xa: 'away' };

/** What a client makes of all that it sees of a person: ours over theirs, as the person means it. */
function shownBy(colleague: XmppPerson): Pick<Presence, 'state' | 'text' | 'emoji'> {
  const top = [...colleague.seen.values()].sort((a, b) => b.priority - a.priority)[0];
  const seen: Seen | undefined = colleague.hipstatus ?? top;
  if (seen === undefined) return { state: 'offline', text: '', emoji: '' };
  return { state: STATES[seen.show] ?? 'available', text: seen.status, emoji: '' };
}

export async function openXmpp(server: Prosody): Promise<XmppWorld> {
  count += 1;
  const [name, other, password] = [`ada${count}`, `bob${count}`, `pass-word-${count}!`];
  server.addUser(name, password, [other]);
  server.addUser(other, 'pw', [name]);
  const [proxy, person, colleague] = await Promise.all([
    startTcpProxy(server.port),
    XmppPerson.connect(server, name, password, 'laptop'),
    XmppPerson.connect(server, other, 'pw', 'desk'),
  ]);
  await colleague.say();
  await person.say();
  const providers: ChatWorld['provider'][] = [];
  const restart = () => {
    const provider = xmppProvider(
      { id: name, label: 'XMPP' },
      {
        address: `${name}@${server.domain}`,
        server: `xmpp://127.0.0.1:${proxy.port}`,
        password: async () => password,
        now: Date.now,
        random: () => 0,
        certificates: () => [server.certificate],
      },
    );
    providers.push(provider);
    return provider;
  };
  return {
    name,
    colleagueName: other,
    person,
    colleague,
    proxy,
    restart,
    provider: restart(),
    now: Date.now,
    // Nothing of XMPP follows a clock.
    pass: () => undefined,
    personSets: ({ state, text }) => person.say({ show: SHOWS[state], status: text }),
    async shown() {
      await colleague.settle();
      return shownBy(colleague);
    },
    async profile() {
      const roster = await person.ask('get', xml('query', { xmlns: 'jabber:iq:roster' }));
      return { roster, vcard: await person.ask('get', xml('vCard', { xmlns: 'vcard-temp' })) };
    },
    goOffline: () => person.leave(),
    rejectToken() {
      server.setPassword(name, 'another');
      proxy.drop();
    },
    throttle: () => server.refuseNext('resource-constraint'),
    tellsWait: false,
    outage: (status) => server.refuseNext(status === 500 ? 'internal-server-error' : 'system-shutdown'),
    cutOff: () => proxy.cutOff(),
    loseAnswer: () => proxy.loseAnswer(),
    hang: () => proxy.freeze(),
    landed() {
      const ours = colleague.told.filter(({ from, type }) => from.includes('/hipstatus-') && type === '');
      // Not what it says while it has nothing to say: what the person does, or that they are away for long.
      const quiet = [{ show: 'xa', status: '' }, ...person.said];
      return ours.filter(
        ({ show, status }) => !quiet.some((said) => (said.show ?? '') === show && (said.status ?? '') === status),
      ).length;
    },
    token: password,
    findings: () => [],
    async close() {
      person.close();
      colleague.close();
      await proxy.close();
      await Promise.all(providers.map((provider) => provider.close?.()));
    },
  };
}
