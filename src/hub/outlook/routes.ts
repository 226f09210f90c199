import type { FastifyInstance, FastifyReply, FastifyRequest, preValidationHookHandler } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { HubFeed } from '../feed.ts';
import { ID_PATTERN } from '../ids.ts';
import type { HubEvent, PersonRecord } from '../model.ts';
import { NEVER, type Presences } from '../presences.ts';
import type { Roster } from '../roster.ts';
import type { HubSettings } from '../settings.ts';
import type { SocketPool } from '../sockets.ts';
import { readForm } from './form.ts';
import { StatusPages } from './pages.ts';
import { secretCheck } from './secret.ts';
import { OUTLOOK_STATUSES, outlookOf, STATE } from './status.ts';

/** The paths of Mattermost's plugin com.mattermost.outlook-presence. */
export const OUTLOOK_BASE = '/plugins/com.mattermost.outlook-presence/api/v1';

const SOURCE = 'outlook';

const published = z.object({
  user_id: z
    .string({ error: 'user_id is missing' })
    .regex(ID_PATTERN, 'user_id is not valid: it has 26 characters of 0-9 and a-z'),
  status: z.enum(OUTLOOK_STATUSES, { error: `status is not valid: it is one of ${OUTLOOK_STATUSES.join(', ')}` }),
});

/** The secret may be in the body. */
const config = { isKnownLater: true } as const;

export interface OutlookDeps {
  readonly settings: HubSettings;
  readonly roster: Roster;
  readonly feed: HubFeed;
  readonly presences: Presences;
  readonly pool: SocketPool;
  readonly clock: Clock;
  /** Throws `unavailable` when the hub has as many sockets as it may. */
  readonly checkRoom: () => void;
}

/** What Mattermost's Outlook presence plugin offers, so that its provider for Windows works here unchanged. */
export function outlookRoutes(deps: OutlookDeps): (app: FastifyInstance) => void {
  const { settings, roster, presences, pool } = deps;
  const pages = new StatusPages(roster, settings.HUB_OUTLOOK_PAGE_SIZE);
  const { HUB_OUTLOOK_SECRET: secret } = settings;
  const isSecret = secret === undefined ? () => false : secretCheck(secret);
  return (app) => {
    app.addHook('preValidation', secretHook(isSecret));
    const status = (request: FastifyRequest, reply: FastifyReply) =>
      reply.header('content-type', 'application/json').send(pages.page(pageOf(request)));
    app.get(`${OUTLOOK_BASE}/status`, { config }, status);
    // A form comes with a POST from clients that send no body with a GET.
    app.post(`${OUTLOOK_BASE}/status`, { config }, status);
    app.post(`${OUTLOOK_BASE}/status/publish`, { config }, async (request) => {
      const parsed = published.safeParse(request.body);
      if (!parsed.success) {
        throw new AppError('invalidInput', `${parsed.error.issues.map(({ message }) => message).join('; ')}.`);
      }
      const { user_id, status } = parsed.data;
      const person = roster.get(user_id) ?? roster.byIdentity('mattermost', user_id);
      if (person === undefined)
        throw new AppError('notFound', 'The hub knows nobody with this user_id. Add the person first.');
      const presence = { state: STATE[status], text: '', emoji: '', until: null };
      // Mattermost tells of changes only: what it has said stands until it says something else.
      await presences.say(person.person.id, presence, { source: SOURCE, reportedUntil: NEVER });
      return { status: 'OK' };
    });
    const follow = { config, preHandler: async () => deps.checkRoom(), websocket: true } as const;
    app.get(`${OUTLOOK_BASE}/ws`, follow, (socket) => {
      pool.add(socket);
    });
    broadcastChanges(app, deps);
  };
}

const messageOf = (record: PersonRecord, isGone = false): Buffer =>
  Buffer.from(JSON.stringify(outlookOf(record, isGone)));

/**
 * Sends every change to all sockets. When there was none for a while the last one is sent again as it stands: Outlook's provider takes 30
 * silent seconds for a lost connection, and what changes while it reconnects it would never hear of.
 */
function broadcastChanges(app: FastifyInstance, { settings, feed, pool, roster, clock }: OutlookDeps): void {
  const patience = settings.HUB_OUTLOOK_REPEAT * SECOND;
  let lastPerson: string | null = null;
  let timer: Timer | null = null;
  const repeatLater = (): void => {
    timer?.stop();
    if (patience > 0) timer = clock.after(patience, repeat);
  };
  const repeat = (): void => {
    const [first] = roster.slice(0, 1);
    const record = roster.get(lastPerson ?? '') ?? first;
    if (record !== undefined && pool.size > 0) pool.broadcast(messageOf(record));
    repeatLater();
  };
  const onEvents = (events: readonly HubEvent[]): void => {
    for (const { kind, record } of events) {
      if (kind === 'person') continue;
      lastPerson = record.person.id;
      if (pool.size > 0) pool.broadcast(messageOf(record, kind === 'removed'));
    }
    repeatLater();
  };
  // Its protocol knows no "read anew": everybody is told as they are.
  const onReset = (): void => {
    for (let from = 0; from < roster.size; from += 1_000) {
      for (const record of roster.slice(from, 1_000)) pool.broadcast(messageOf(record));
    }
  };
  const stop = feed.follow({ onEvents, onReset });
  repeatLater();
  app.addHook('onClose', (_app, done) => {
    stop();
    timer?.stop();
    done();
  });
}

/** The number of the page that is asked for. As Go's strconv.Atoi reads it. */
function pageOf(request: FastifyRequest): number {
  const { page = '' } = request.query as { page?: string | string[] };
  const text = typeof page === 'string' ? page : (page[0] ?? '');
  if (text === '') return 0;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw new AppError('invalidInput', 'page is no number. Send page=0, 1, 2 …');
  return Number(text);
}

/** Lets in who has the secret, in the query or in a form. */
function secretHook(isSecret: (given: string) => boolean): preValidationHookHandler {
  const check = async (request: FastifyRequest): Promise<void> => {
    if (isSecret((await readForm(request)).get('secret') ?? '')) return letIn(request);
    await request.server.countFailure(request);
    throw new AppError('forbidden', 'The secret did not match.');
  };
  return (request, _reply, done) => {
    const { secret } = request.query as { secret?: string | string[] };
    const inQuery = typeof secret === 'string' ? secret : secret?.[0];
    if (inQuery === undefined || !isSecret(inQuery)) {
      check(request).then(() => done(), done);
      return;
    }
    letIn(request);
    done();
  };
}

/** Whoever has the secret may page quickly through everybody: they count as one with a token. */
function letIn(request: FastifyRequest): void {
  request.actor = {
    id: `outlook:${request.ip}`,
    name: 'Outlook',
    scopes: [],
    personId: null,
    createdAt: 0,
    expiresAt: null,
  };
}
