import type { SandboxAccount } from './entraTokens.ts';
import type { GoogleSandbox } from './google.ts';
import { type GoogleChatSandbox, startGoogleChat } from './googleChat.ts';
import { type HipchatConnectSandbox, startHipchatConnect } from './hipchatConnect/index.ts';
import type { HipchatUsers } from './hipchatUser.ts';
import type { Journal } from './journal.ts';
import { type MattermostSandbox, startMattermost } from './mattermost.ts';
import { type RocketchatSandbox, startRocketchat } from './rocketchat.ts';
import type { SandboxCertificate } from './tls.ts';
import { startWebhook, type WebhookSandbox } from './webhook.ts';
import { startZulip, type ZulipSandbox } from './zulip.ts';

/** The stand-ins that are started when they are first asked for. */
export interface More {
  mattermost: MattermostSandbox;
  zulip: ZulipSandbox;
  rocketchat: RocketchatSandbox;
  google: GoogleSandbox;
  googlechat: GoogleChatSandbox;
  webhook: WebhookSandbox;
  hipchatConnect: HipchatConnectSandbox;
}

/** What the person would type in. */
export const MORE_KNOWN = {
  mattermostToken: 'sandbox-mattermost-token-of-ada',
  mattermostUsername: 'ada',
  mattermostPassword: 'Analytical Engine',
  zulipApiKey: 'sandboxZulipKeyOfAda',
  rocketchatUserId: 'aHAdaLovelace1815',
  rocketchatToken: 'sandbox-rocketchat-token-of-ada',
  webhookKey: 'whsec_c2FuZGJveC1rZXktb2YtYWRh',
} as const;

/** The rooms of HipChat. */
const ROOMS = [
  { id: 1815, name: 'Engine room' },
  { id: 1906, name: 'Compilers' },
];

interface MoreOptions {
  readonly person: SandboxAccount;
  /** HipChat's people, whom the stand-in for add-ons has too. */
  readonly users: HipchatUsers;
  readonly tls: SandboxCertificate;
  readonly journal: Journal;
  readonly now: () => number;
  readonly ports?: { readonly [Name in keyof More]?: number } | undefined;
}

type Starters = { readonly [Name in keyof More]: () => Promise<More[Name]> };

/** The stand-ins beyond those that every run wants; each is started once. */
export class MoreSandboxes {
  readonly #starters: Starters;
  readonly #started = new Map<keyof More, Promise<{ close(): Promise<void> }>>();

  constructor({ person, users, tls, journal, now, ports = {} }: MoreOptions) {
    const { username: email, name } = person;
    const at = (which: keyof More) => ({ journal, now, port: ports[which] ?? 0 });
    this.#starters = {
      mattermost: () =>
        startMattermost({
          user: {
            id: 'adalovelace18151210abcdefg',
            username: MORE_KNOWN.mattermostUsername,
            email,
            password: MORE_KNOWN.mattermostPassword,
          },
          tokens: [MORE_KNOWN.mattermostToken],
          ...at('mattermost'),
        }),
      zulip: () => startZulip({ user: { id: 15, email, name, apiKey: MORE_KNOWN.zulipApiKey }, ...at('zulip') }),
      rocketchat: () =>
        startRocketchat({
          user: {
            id: MORE_KNOWN.rocketchatUserId,
            username: 'ada',
            name,
            email,
            token: MORE_KNOWN.rocketchatToken,
          },
          ...at('rocketchat'),
        }),
      google: async () => {
        // Loaded only when wanted: the emulator behind it is large, and a development dependency.
        const { startGoogle } = await import('./google.ts');
        return startGoogle({ tls, person: { email, name }, journal, now, ports: { accounts: ports.google ?? 0 } });
      },
      googlechat: async () => {
        const { accounts } = await this.open('google');
        const inspect = (token: string) => accounts.inspect(token)?.scopes ?? null;
        return startGoogleChat({ inspect, ...at('googlechat') });
      },
      webhook: () => startWebhook({ secret: MORE_KNOWN.webhookKey, ...at('webhook') }),
      hipchatConnect: () => startHipchatConnect({ users, rooms: ROOMS, ...at('hipchatConnect') }),
    };
  }

  /** The stand-in, started if it was not. */
  open<Name extends keyof More>(which: Name): Promise<More[Name]> {
    const known = this.#started.get(which) ?? this.#starters[which]();
    this.#started.set(which, known);
    // Each name's own starter has put it there.
    return known as Promise<More[Name]>;
  }

  /** The stand-in if it runs. */
  async running<Name extends keyof More>(which: Name): Promise<More[Name] | null> {
    return this.#started.has(which) ? this.open(which) : null;
  }

  async close(): Promise<void> {
    const started = await Promise.allSettled(this.#started.values());
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}
