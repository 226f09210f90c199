import { type EntraSandbox, startEntra } from './entra.ts';
import type { SandboxApp } from './entraApps.ts';
import type { SandboxAccount } from './entraTokens.ts';
import { startGraph } from './graph.ts';
import type { GraphSandbox } from './graphControl.ts';
import type { OrganisationOptions } from './graphOrganisation.ts';
import { type HipchatOptions, type HipchatSandbox, startHipchat } from './hipchat.ts';
import { HipchatUsers } from './hipchatUser.ts';
import { type IcsSandbox, startIcs } from './ics.ts';
import { createJournal, type Exchange } from './journal.ts';
import { type More, MoreSandboxes } from './more.ts';
import type { SlackOptions, SlackSandbox } from './slack.ts';
import { makeCertificate, type SandboxCertificate } from './tls.ts';

export { type BrowserPerson, browse } from './browser.ts';
export type { EntraSandbox } from './entra.ts';
export type { SandboxApp } from './entraApps.ts';
export type { SandboxAccount } from './entraTokens.ts';
export type { Fault } from './faults.ts';
export type { GraphSandbox } from './graphControl.ts';
export type { EventInput } from './graphEvents.ts';
export type { HipchatSandbox } from './hipchat.ts';
export type { IcsSandbox } from './ics.ts';
export { buildCalendar } from './icsText.ts';
export { type Exchange, secretTag } from './journal.ts';
export { MORE_KNOWN } from './more.ts';
export type { SlackSandbox } from './slack.ts';
export type { SandboxCertificate } from './tls.ts';

/** Everything has a default: one person, Ada, with an account everywhere. */
export interface SandboxOptions {
  /** Ports that must be these; the others are any free ones. */
  ports?: { entra?: number; graph?: number; ics?: number; hipchat?: number; slack?: number } & {
    [Name in keyof More]?: number;
  };
  accounts?: readonly SandboxAccount[];
  clientId?: string;
  hipchat?: Pick<HipchatOptions, 'users' | 'tokens'>;
  /** False leaves Slack out: its emulator is a development dependency. */
  slack?: Partial<Pick<SlackOptions, 'user' | 'tokens' | 'app'>> | false;
  /** Whom an application reads without anybody signed in; default a hundred made-up people. */
  organisation?: Partial<Pick<OrganisationOptions, 'people' | 'seed'>> & { roles?: readonly string[] };
  /** Epoch milliseconds; default the machine's clock. It decides expiry, not the times of events. */
  now?: () => number;
}

/** All outside services on the loopback interface, with one journal. */
export interface Sandbox {
  readonly certificate: SandboxCertificate;
  readonly urls: Readonly<{
    /** MSAL's `authority`; its host and port go into `knownAuthorities`. */
    authority: string;
    entra: string;
    /** With `/v1.0`. */
    graph: string;
    ics: string;
    /** With `/v2`. */
    hipchat: string;
    /** With `/api/`; empty without Slack. */
    slack: string;
  }>;
  /** The values a person or an organisation would type in. */
  readonly known: Readonly<{
    clientId: string;
    account: string;
    hipchatToken: string;
    slackToken: string;
    app: SandboxApp;
  }>;
  readonly entra: EntraSandbox;
  readonly graph: GraphSandbox;
  readonly ics: IcsSandbox;
  readonly hipchat: HipchatSandbox;
  readonly slack: SlackSandbox;
  /** The others, each started when it is first asked for; what to type in there is `MORE_KNOWN`. */
  readonly more: MoreSandboxes;
  readonly exchanges: readonly Exchange[];
  /** Each request and answer as it happens; returns the way out. */
  onExchange(callback: (exchange: Exchange) => void): () => void;
  /** Forgets the exchanges so far. */
  clearExchanges(): void;
  close(): Promise<void>;
}

export const ADA: SandboxAccount = {
  username: 'ada@contoso.example',
  name: 'Ada Lovelace',
  oid: 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3',
  tenantId: '9f2c0b6e-8d1a-4a53-9a37-2f4d3c1e7b10',
};
/** An application with a secret, in a tenant of its own. */
const APP: SandboxApp = {
  tenantId: '0a11ce00-0000-4000-a000-000000000001',
  domain: 'fabrikam.example',
  clientId: '0a11ce00-0000-4000-b000-000000000001',
  secret: 'sandbox-secret-of-the-hub',
  roles: ['Calendars.ReadBasic.All', 'MailboxSettings.Read', 'User.Read.All', 'GroupMember.Read.All'],
};
const CLIENT_ID = '6731de76-14a6-49ae-97bc-6eba6914391e';
const HIPCHAT_TOKEN = 'sandbox-hipchat-token-of-ada';
const SLACK_TOKEN = 'xoxp-sandbox-token-of-ada';

const HIPCHAT: Pick<HipchatOptions, 'users' | 'tokens'> = {
  users: [
    { id: 42, email: ADA.username, name: ADA.name, mention_name: 'Ada', title: 'Engineer' },
    { id: 43, email: 'grace@contoso.example', name: 'Grace Hopper', mention_name: 'Grace', title: 'Admiral' },
  ],
  tokens: { [HIPCHAT_TOKEN]: { user: 42 } },
};
const SLACK: Pick<SlackOptions, 'user' | 'tokens'> = {
  user: { name: 'ada', realName: ADA.name, email: ADA.username },
  tokens: [{ token: SLACK_TOKEN }],
};

async function slackFor(options: SandboxOptions, shared: Partial<SlackOptions>): Promise<SlackSandbox | undefined> {
  if (options.slack === false) return undefined;
  // Loaded only when wanted: the emulator behind it is large.
  const { startSlack } = await import('./slack.ts');
  const port = options.ports?.slack;
  return startSlack({ ...SLACK, ...options.slack, ...shared, ...(port === undefined ? {} : { port }) });
}

/** Starts all of it. If one service cannot start, none stays. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const journal = createJournal();
  const certificate = await makeCertificate();
  const accounts = options.accounts ?? [ADA];
  const clientId = options.clientId ?? CLIENT_ID;
  const running: { close(): Promise<void> }[] = [];
  const started = <T extends { close(): Promise<void> }>(service: T): T => {
    running.push(service);
    return service;
  };
  const close = async () => {
    await Promise.all(running.map((service) => service.close()));
  };
  const at = (port: number | undefined) => ({ journal, now, port: port ?? 0 });
  try {
    const { ports } = options;
    const entra = started(await startEntra({ ...at(ports?.entra), tls: certificate, accounts, clientId }));
    const { roles = APP.roles, ...people } = options.organisation ?? {};
    const organisation = { people: 100, ...people, app: { ...APP, roles }, apps: entra.apps };
    entra.apps.register(organisation.app);
    const { tokens } = entra;
    const graph = started(await startGraph({ ...at(ports?.graph), tls: certificate, accounts, tokens, organisation }));
    const ics = started(await startIcs(at(ports?.ics)));
    const chat = { ...HIPCHAT, ...options.hipchat };
    const users = chat.users instanceof HipchatUsers ? chat.users : new HipchatUsers(chat.users);
    const hipchat = started(await startHipchat({ ...chat, users, ...at(ports?.hipchat) }));
    const slack = await slackFor(options, { journal, now });
    if (slack) started(slack);
    const person = accounts[0] ?? ADA;
    const more = started(new MoreSandboxes({ person, users, tls: certificate, journal, now, ports }));
    return {
      certificate,
      urls: {
        authority: entra.authority,
        entra: entra.url,
        graph: `${graph.url}/v1.0`,
        ics: ics.url,
        hipchat: `${hipchat.url}/v2`,
        slack: slack?.apiUrl ?? '',
      },
      known: {
        app: organisation.app,
        clientId,
        account: accounts[0]?.username ?? '',
        hipchatToken: Object.keys(options.hipchat?.tokens ?? HIPCHAT.tokens)[0] ?? '',
        slackToken: ((options.slack || SLACK).tokens ?? SLACK.tokens)[0]?.token ?? '',
      },
      entra,
      graph,
      ics,
      hipchat,
      get slack() {
        if (!slack) throw new Error('this sandbox was started without Slack');
        return slack;
      },
      more,
      exchanges: journal.exchanges,
      onExchange: journal.onExchange,
      clearExchanges: journal.clear,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
