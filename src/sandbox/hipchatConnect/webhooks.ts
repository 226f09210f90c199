import type { HipchatUser } from '../hipchatUser.ts';
import type { AddonAnswer, AddonCall, Caller } from './caller.ts';
import type { Clients, Installation } from './clients.ts';
import { say, type WebhookDeclaration, type WebhookEvent } from './descriptor.ts';
import { claimsFor, type Forgery, signJwt, type WebhookBody } from './jwt.ts';
import { notification } from './notification.ts';
import { compilePattern } from './pattern.ts';
import { type HipchatRoom, type Post, roomRef } from './rooms.ts';

/** A webhook that an installation has, from its descriptor or by the API. */
export interface Webhook extends WebhookDeclaration {
  readonly id: number;
  readonly installation: Installation;
  /** Id of the room it is of; null of all of them. */
  readonly room: number | null;
  /** By `POST /v2/room/{id}/webhook`. */
  readonly isDynamic: boolean;
}

/** Something that happened in a room. */
export interface Happening {
  readonly event: WebhookEvent;
  readonly room: HipchatRoom;
  /** Who did it; null when no person did. */
  readonly user: HipchatUser | null;
  /** The rest of `item`. */
  readonly item: Readonly<Record<string, unknown>>;
  /** What a pattern is matched with. */
  readonly text?: string;
}

/** One webhook sent. */
export interface Delivery extends AddonAnswer {
  readonly webhook: Webhook;
  /** What the receiver's answer put into the room. */
  readonly posted: Post | null;
  /** Why its answer was not put there. */
  readonly problem: string | null;
}

interface WebhooksDeps {
  readonly clients: Clients;
  readonly caller: Caller;
  readonly now: () => number;
  readonly base: () => string;
  /** Puts a notification into a room; a sentence where it may not. */
  readonly notify: (installation: Installation, room: HipchatRoom, body: unknown) => Post | string;
}

const FIRST_ID = 20_005_843;

/** Keeps the webhooks and delivers what happens. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  #all: Webhook[] = [];
  #lastId = FIRST_ID;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  get all(): readonly Webhook[] {
    return this.#all;
  }

  add(installation: Installation, declaration: WebhookDeclaration, room: number | null, isDynamic: boolean): Webhook {
    this.#lastId += 1;
    const one = { ...declaration, id: this.#lastId, installation, room, isDynamic };
    this.#all.push(one);
    return one;
  }

  remove(which: (webhook: Webhook) => boolean): void {
    this.#all = this.#all.filter((one) => !which(one));
  }

  /** Tells all whom it concerns, at the same time, and gives their answers. */
  deliver(happening: Happening, forgery: Forgery = {}): Promise<Delivery[]> {
    const { event, room, text } = happening;
    const concerned = this.#all.filter(
      (one) =>
        one.event === event &&
        (one.room === null || one.room === room.id) &&
        (one.pattern === undefined || text === undefined || compilePattern(one.pattern)?.test(text)),
    );
    return Promise.all(concerned.map((webhook) => this.#send(webhook, happening, forgery)));
  }

  #callFor(webhook: Webhook, happening: Happening, forgery: Forgery): AddonCall {
    const { installation } = webhook;
    const { now, base } = this.#deps;
    const body: WebhookBody = {
      event: happening.event,
      item: { ...happening.item, room: roomRef(happening.room, base()) },
      oauth_client_id: installation.oauthId,
      webhook_id: webhook.id,
    };
    const sent = forgery.body ? forgery.body(body) : body;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    const url = new URL(webhook.url);
    const carry = forgery.carry ?? (webhook.authentication === 'jwt' ? 'header' : 'nowhere');
    if (carry !== 'nowhere') {
      const { id = 0, timezone = 'UTC' } = happening.user ?? {};
      const room = happening.room.id;
      const claims = claimsFor({ iss: installation.oauthId, user: id, zone: timezone, room, now: now() });
      const token = signJwt(claims, installation.oauthSecret, forgery);
      if (carry === 'query') url.searchParams.set('signed_request', token);
      else headers['authorization'] = `JWT ${token}`;
    }
    const text = typeof sent === 'string' ? sent : JSON.stringify(sent);
    return { method: 'POST', url: url.href, headers, body: text, ...(forgery.stall ? { stall: true } : {}) };
  }

  async #send(webhook: Webhook, happening: Happening, forgery: Forgery): Promise<Delivery> {
    const answer = await this.#deps.caller.call(this.#callFor(webhook, happening, forgery));
    const isGood = answer.status >= 200 && answer.status < 300;
    if (!isGood || answer.text.trim() === '') return { ...answer, webhook, posted: null, problem: null };
    const read = notification.safeParse(answer.json);
    if (!read.success) {
      const problem = answer.json === undefined ? 'not JSON' : read.error.issues.map(say).join('; ');
      return { ...answer, webhook, posted: null, problem };
    }
    const posted = this.#deps.notify(webhook.installation, happening.room, answer.json);
    return typeof posted === 'string'
      ? { ...answer, webhook, posted: null, problem: posted }
      : { ...answer, webhook, posted, problem: null };
  }
}
