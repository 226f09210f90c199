import type { HipchatUser } from '../hipchatUser.ts';
import type { AddonAnswer, Caller } from './caller.ts';
import type { Installation } from './clients.ts';
import { say } from './descriptor.ts';
import { claimsFor, type Forgery, signJwt } from './jwt.ts';
import { type GlanceContent, glanceContent } from './notification.ts';
import type { HipchatRoom } from './rooms.ts';

/** Who looks, and in which room; null outside of rooms. */
export interface Viewer {
  readonly user: HipchatUser;
  readonly room: HipchatRoom | null;
}

/** The answer of a glance's `queryUrl`. */
export interface GlanceAnswer extends AddonAnswer {
  /** Null when something is wrong with it. */
  readonly content: GlanceContent | null;
  /** Why the web client could not show it. */
  readonly problems: readonly string[];
}

interface FramesDeps {
  readonly caller: Caller;
  readonly now: () => number;
  readonly base: () => string;
}

/** A token for a frame, as `signed_request` carries it. */
export function frameToken(
  installation: Installation,
  { user, room }: Viewer,
  now: number,
  forgery: Forgery = {},
): string {
  const { oauthId, oauthSecret } = installation;
  const claims = claimsFor({ iss: oauthId, user: user.id, zone: user.timezone, room: room?.id ?? null, now });
  return signJwt(claims, oauthSecret, forgery);
}

/** The pages and glances of an add-on, asked for as the web client did. */
export class Frames {
  readonly #deps: FramesDeps;

  constructor(deps: FramesDeps) {
    this.#deps = deps;
  }

  /** `key` of a webPanel, dialog or externalPage, or `configurable`. */
  async open(installation: Installation, key: string, viewer: Viewer, forgery: Forgery = {}): Promise<AddonAnswer> {
    const { configurable, webPanel, dialog, externalPage } = installation.descriptor.capabilities;
    const url =
      key === 'configurable'
        ? configurable?.url
        : [...webPanel, ...dialog, ...externalPage].find((f) => f.key === key)?.url;
    if (url === undefined) throw new Error(`the add-on has no frame ${key}`);
    return this.#get(url, { accept: 'text/html' }, installation, viewer, forgery);
  }

  async queryGlance(
    installation: Installation,
    key: string,
    viewer: Viewer,
    forgery: Forgery = {},
  ): Promise<GlanceAnswer> {
    const url = installation.descriptor.capabilities.glance.find((one) => one.key === key)?.queryUrl;
    if (url === undefined) throw new Error(`the add-on has no glance ${key} with a queryUrl`);
    // The web client asks from its own page: without the header for that, the browser keeps the answer to itself.
    const headers = { accept: 'application/json', origin: this.#deps.base() };
    const answer = await this.#get(url, headers, installation, viewer, forgery);
    const problems: string[] = [];
    if (answer.status !== 200) problems.push(answer.failure ?? `status ${answer.status}`);
    const allowed = answer.headers['access-control-allow-origin'];
    if (allowed !== '*' && allowed !== headers.origin) problems.push('access-control-allow-origin does not let it in');
    const read = glanceContent.safeParse(answer.json);
    if (!read.success) problems.push(...read.error.issues.map(say));
    return { ...answer, problems, content: problems.length === 0 && read.success ? read.data : null };
  }

  #get(
    address: string,
    given: Record<string, string>,
    installation: Installation,
    viewer: Viewer,
    forgery: Forgery,
  ): Promise<AddonAnswer> {
    const token = frameToken(installation, viewer, this.#deps.now(), forgery);
    const url = new URL(address);
    const carry = forgery.carry ?? 'query';
    if (carry === 'query') url.searchParams.set('signed_request', token);
    if (carry === 'form') {
      const headers = { ...given, 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams({ signed_request: token }).toString();
      return this.#deps.caller.call({ method: 'POST', url: url.href, headers, body });
    }
    const headers = carry === 'header' ? { ...given, authorization: `JWT ${token}` } : given;
    return this.#deps.caller.call({ method: 'GET', url: url.href, headers });
  }
}
