import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { HOUR, SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { GuardedFetch } from '../guard/guardedFetch.ts';
import { secretCheck } from '../outlook/secret.ts';
import { answerInTime } from './answering.ts';
import { type HostCommands, toSender } from './commands.ts';
import { formOf } from './form.ts';
import { fieldsOf, headerOf, jsonOf, keepRaw, letIn, rawOf, refuse } from './http.ts';
import { MATTERMOST_MARKUP } from './mattermostText.ts';
import type { HostAnswer, HostCommand, Say } from './message.ts';
import { responseUrl } from './responseUrl.ts';
import type { Seen } from './seen.ts';

/** Mattermost waits for 30 seconds (OutgoingIntegrationRequestsTimeout); people do not. */
const ACKNOWLEDGED_IN = 2 * SECOND;
/** Where nothing can be said later. */
const LONGEST = 20 * SECOND;
const KEPT = 24 * HOUR;

const id = z.string().regex(/^[a-z0-9]{26}$/);
const shared = {
  team_id: id.or(z.literal('')),
  channel_id: id,
  channel_name: z.string().optional(),
  user_id: id,
  user_name: z.string().optional(),
};
/** What a request is known by: both chats' hosts name each once. */
const requestId = z.string().min(8).max(400);
const slashSchema = z.looseObject({
  ...shared,
  command: z.string().regex(/^\/\S{1,64}$/),
  text: z.string().default(''),
  trigger_id: requestId,
  response_url: z.string().optional(),
  user_mentions: z.string().optional(),
  user_mentions_ids: z.string().optional(),
});
const hookSchema = z.looseObject({
  ...shared,
  post_id: requestId,
  text: z.string(),
  trigger_word: z.string().default(''),
});

export interface MattermostDeps {
  readonly tokens: readonly string[];
  /** Of the server; null: nothing is said later. */
  readonly url: string | null;
  readonly commands: HostCommands;
  readonly seen: Seen;
  readonly guard: Pick<GuardedFetch, 'request'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Fields = Readonly<Record<string, unknown>>;

const HEADER = /^Token +([\w-]{1,100})$/i;
const WHY =
  'This is for Mattermost, which sends a token with each command and webhook: HUB_MATTERMOST_TOKENS names those that count.';

/** Mattermost's slash commands and outgoing webhooks. */
export function mattermostRoutes(deps: MattermostDeps): (app: FastifyInstance) => void {
  const { commands, seen, clock, logger, url } = deps;
  const now = () => clock.now();
  const checks = deps.tokens.map(secretCheck);
  const read = new WeakMap<FastifyRequest, Fields>();

  async function check(request: FastifyRequest): Promise<void> {
    const fields = fieldsIn(request);
    const [, inHeader] = HEADER.exec(headerOf(request, 'authorization') ?? '') ?? [];
    const token = typeof fields['token'] === 'string' ? fields['token'] : inHeader;
    // All are tried, so that the time does not tell which it is.
    const isRight = checks.map((isToken) => isToken(token ?? '')).includes(true);
    if (!isRight) await refuse(request, WHY, token === undefined ? 'missing' : 'wrong');
    letIn(request, 'mattermost');
    read.set(request, fields);
  }

  const parse = <T>(request: FastifyRequest, schema: z.ZodType<T>, what: string): T => {
    const parsed = schema.safeParse(read.get(request));
    if (parsed.success) return parsed.data;
    throw new AppError('invalidInput', `This is no ${what} of Mattermost: ${parsed.error.issues[0]?.path.join('.')}.`);
  };

  const failed = (thrown: unknown): readonly HostAnswer[] => {
    logger.error('A command from Mattermost failed', { code: thrown instanceof AppError ? thrown.code : 'defect' });
    return [toSender('The hub can not do this now. Try again in a moment.', 'red')];
  };

  async function run(command: HostCommand, key: string, say: Say): Promise<readonly HostAnswer[] | null> {
    if (await seen.isFirst([`mattermost/${key}`], KEPT)) return commands.run(command, say);
    logger.warn('Mattermost has sent a request again: it is not run again');
    return [];
  }

  async function answerSlash(request: FastifyRequest, reply: FastifyReply) {
    const fields = parse(request, slashSchema, 'slash command');
    const command: HostCommand = {
      ...common(fields),
      name: fields.command.slice(1).toLowerCase(),
      query: fields.text.trim(),
      mentions: mentionsIn(fields.user_mentions, fields.user_mentions_ids),
      messageId: fields.trigger_id.slice(0, 60),
      at: now(),
    };
    const isTheirs = (at: URL): boolean => url !== null && at.href.startsWith(`${url}/hooks/commands/`);
    const address = fields.response_url ?? null;
    const say = responseUrl({ address, isTheirs, guard: deps.guard, form, now });
    const running = run(command, fields.trigger_id, say)
      .then(async (answers) => answers ?? [await commands.hint(command.name)])
      .catch(failed);
    const canWait = address === null || !URL.canParse(address) || !isTheirs(new URL(address));
    const answers = await answerInTime(running, say, canWait ? LONGEST : ACKNOWLEDGED_IN, deps);
    return answers.length === 0 ? reply.status(200).send() : form(answers);
  }

  async function answerHook(request: FastifyRequest, reply: FastifyReply) {
    const fields = parse(request, hookSchema, 'outgoing webhook');
    const said = await commandIn(fields.trigger_word, fields.text, commands);
    if (said === null) return reply.status(200).send();
    const command: HostCommand = {
      ...common(fields),
      ...said,
      mentions: [],
      messageId: fields.post_id,
      at: now(),
    };
    const late: Say = async () => {
      throw new AppError('unavailable', 'An outgoing webhook of Mattermost is answered at once, or never.', {
        reason: 'tooLate',
      });
    };
    const running = run(command, fields.post_id, late)
      .then((answers) => answers ?? [])
      .catch(failed);
    const answers = await answerInTime(running, late, LONGEST, deps);
    if (answers.length === 0) return reply.status(200).send();
    // A webhook has no answers for one alone.
    const { response_type: _, ...rest } = form(answers);
    return rest;
  }

  return (app) => {
    keepRaw(app);
    const options = { config: { isKnownLater: true }, preValidation: check };
    app.route({ method: ['GET', 'POST'], url: '/hosts/mattermost/commands', ...options, handler: answerSlash });
    app.post('/hosts/mattermost/hooks', options, answerHook);
  };
}

/** `skip_slack_parsing`: what looks like Slack's markup is none. */
const form = (answers: readonly HostAnswer[]) => ({ ...formOf(answers, MATTERMOST_MARKUP), skip_slack_parsing: true });

function fieldsIn(request: FastifyRequest): Fields {
  if (request.method === 'GET') return fieldsOf(request.url.slice(request.url.indexOf('?') + 1));
  if (!/^application\/json\b/i.test(headerOf(request, 'content-type') ?? '')) return fieldsOf(rawOf(request));
  const value = jsonOf(rawOf(request));
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

const common = (fields: {
  readonly team_id: string;
  readonly channel_id: string;
  readonly channel_name?: string | undefined;
  readonly user_id: string;
  readonly user_name?: string | undefined;
}) => ({
  service: 'mattermost' as const,
  team: fields.team_id,
  room: { id: fields.channel_id, name: fields.channel_name ?? null },
  sender: { id: fields.user_id, name: fields.user_name ?? null },
  identity: fields.user_id,
  profile: async () => ({ email: null, timeZone: null }),
});

/** Mattermost names those that a command mentions in two lists. */
function mentionsIn(names = '', ids = '') {
  const list = (text: string) => text.split(',').flatMap((one) => (one.trim() === '' ? [] : one.trim()));
  const users = list(ids);
  return list(names).flatMap((name, index) => {
    const identity = users[index];
    return identity === undefined ? [] : { identity, name };
  });
}

const WORD = /^\W{0,3}([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/i;

/** The command of a message: its trigger word is one, or a name that ours listen to, with the command after it. */
async function commandIn(
  trigger: string,
  text: string,
  { knows }: HostCommands,
): Promise<{ readonly name: string; readonly query: string } | null> {
  const trimmed = text.trim();
  for (const words of [trimmed, trimmed.startsWith(trigger) ? trimmed.slice(trigger.length).trim() : '']) {
    const [, word = '', query = ''] = WORD.exec(words) ?? [];
    const name = word.toLowerCase();
    if (name !== '' && (await knows(name))) return { name, query: query.trim() };
  }
  const [, word = ''] = WORD.exec(trigger) ?? [];
  // Patterns of add-ons may still want it.
  return word === '' ? null : { name: word.toLowerCase(), query: trimmed.slice(trigger.length).trim() };
}
