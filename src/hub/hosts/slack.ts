import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { HOUR, SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { GuardedFetch } from '../guard/guardedFetch.ts';
import { answerInTime } from './answering.ts';
import type { HostCommands } from './commands.ts';
import { toSender } from './commands.ts';
import { formOf } from './form.ts';
import { fieldsOf, headerOf, jsonOf, keepRaw, letIn, rawOf, refuse } from './http.ts';
import type { HostAnswer, HostCommand, Say } from './message.ts';
import { responseUrl } from './responseUrl.ts';
import type { Seen } from './seen.ts';
import type { SlackApi } from './slackApi.ts';
import { meantEvent } from './slackEvents.ts';
import { judgeSlack, SIGNED_FOR } from './slackSignature.ts';
import { readSlackText, SLACK_MARKUP } from './slackText.ts';

/** Slack waits for three seconds. */
const ACKNOWLEDGED_IN = 2 * SECOND;
/** Slack sends an event again after up to five minutes; an hour is far beyond. */
const EVENT_KEPT = HOUR;

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);
const commandSchema = z.looseObject({
  team_id: id,
  channel_id: id,
  channel_name: z.string().optional(),
  user_id: id,
  user_name: z.string().optional(),
  command: z.string().regex(/^\/\S{1,64}$/),
  text: z.string().default(''),
  response_url: z.string().optional(),
});

export interface SlackDeps {
  readonly secret: string;
  /** Empty for all. */
  readonly teams: readonly string[];
  /** Null without a bot token. */
  readonly api: SlackApi | null;
  readonly commands: HostCommands;
  readonly seen: Seen;
  readonly guard: Pick<GuardedFetch, 'request'>;
  /** Answers may go to this machine too: for trying things out. */
  readonly allowLoopback: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const WHY = {
  missing: 'This is for Slack, which signs what it sends: the headers X-Slack-Signature and X-Slack-Request-Timestamp.',
  old: "The request is older than five minutes, or this machine's clock is wrong.",
  wrong: "The signature is not right. Is HUB_SLACK_SIGNING_SECRET the app's signing secret?",
} as const;

/** A Slack app's slash commands and events. */
export function slackRoutes(deps: SlackDeps): (app: FastifyInstance) => void {
  const { clock, commands, seen, logger, api } = deps;
  const now = () => clock.now();

  /** Who it is, before anything is read. */
  async function check(request: FastifyRequest): Promise<void> {
    const body = rawOf(request);
    // Slack looks from time to time whether the certificate is good, without a signature.
    if (isSslCheck(body)) return;
    const signature = headerOf(request, 'x-slack-signature');
    const timestamp = headerOf(request, 'x-slack-request-timestamp');
    const judged = judgeSlack({ signature, timestamp, body }, deps.secret, now());
    if (judged !== 'good') await refuse(request, WHY[judged], judged);
    letIn(request, 'slack');
  }

  function checkTeam(team: string): void {
    if (deps.teams.length === 0 || deps.teams.includes(team)) return;
    throw new AppError('forbidden', 'This Slack workspace is none of ours: HUB_SLACK_TEAMS names those that are.');
  }

  const profileOf = (user: string, team: string) => async () =>
    api === null ? { email: null, timeZone: null } : api.profile(user, team);

  /** One signature is one request. */
  const signatureOf = (request: FastifyRequest): string => `slack/${headerOf(request, 'x-slack-signature')}`;

  async function runSlash(request: FastifyRequest, command: HostCommand, say: Say): Promise<readonly HostAnswer[]> {
    if (!(await seen.isFirst([signatureOf(request)], 2 * SIGNED_FOR))) {
      logger.warn('Slack has sent a request again: it is not run again');
      return [];
    }
    return (await commands.run(command, say)) ?? [await commands.hint(command.name)];
  }

  const failed = (thrown: unknown): readonly HostAnswer[] => {
    logger.error('A command from Slack failed', { code: thrown instanceof AppError ? thrown.code : 'defect' });
    return [toSender('The hub can not do this now. Try again in a moment.', 'red')];
  };

  return (app) => {
    keepRaw(app);
    const options = { config: { isKnownLater: true }, preValidation: check };

    app.post('/hosts/slack/commands', options, async (request, reply) => {
      const body = rawOf(request);
      if (isSslCheck(body)) return reply.status(200).send();
      const parsed = commandSchema.safeParse(fieldsOf(body));
      if (!parsed.success) {
        throw new AppError('invalidInput', `This is no slash command: ${parsed.error.issues[0]?.path.join('.')}.`);
      }
      const { team_id: team, channel_id, channel_name, user_id, user_name, response_url } = parsed.data;
      checkTeam(team);
      const { text, mentions } = readSlackText(parsed.data.text, team);
      const command: HostCommand = {
        service: 'slack',
        team,
        room: { id: channel_id, name: channel_name ?? null },
        sender: { id: user_id, name: user_name ?? null },
        identity: `${team}:${user_id}`,
        name: parsed.data.command.slice(1).toLowerCase(),
        query: text.trim(),
        mentions,
        messageId: signatureOf(request),
        at: now(),
        profile: profileOf(user_id, team),
      };
      const say = responseUrl({
        address: response_url ?? null,
        isTheirs: deps.allowLoopback ? isSlackOrLoopback : isSlack,
        guard: deps.guard,
        form: (answers) => formOf(answers, SLACK_MARKUP),
        now,
      });
      const running = runSlash(request, command, say).catch(failed);
      const answers = await answerInTime(running, say, ACKNOWLEDGED_IN, deps);
      return answers.length === 0 ? reply.status(200).send() : formOf(answers, SLACK_MARKUP);
    });

    app.post('/hosts/slack/events', options, async (request, reply) => {
      const meant = meantEvent(jsonOf(rawOf(request)));
      if (meant === null) throw new AppError('invalidInput', 'This is no event of Slack.');
      if (meant.kind === 'challenge') return { challenge: meant.challenge };
      if (meant.kind === 'other') return reply.status(200).send();
      checkTeam(meant.team);
      const { command: bare, keys } = meant;
      const command: HostCommand = { ...bare, at: now(), profile: profileOf(bare.sender.id, meant.team) };
      // Where the store is away this fails, and Slack sends it again.
      if (await seen.isFirst([signatureOf(request), ...keys], EVENT_KEPT)) {
        // Nobody waits for what a command says.
        void runEvent(command, sayInChannel(api, meant), meant.isAsked);
      }
      return reply.status(200).send();
    });
  };

  async function runEvent(command: HostCommand, say: Say, isAsked: boolean): Promise<void> {
    try {
      // Several bots may read a channel: what is for none of ours is not ours.
      const answers = (await commands.run(command, say)) ?? (isAsked ? [await commands.hint(command.name)] : []);
      if (answers.length > 0) await say(answers);
    } catch (thrown) {
      const { code, reason } = thrown instanceof AppError ? thrown : { code: 'defect', reason: null };
      logger.warn('A message in Slack could not be answered', { code, ...(reason === null ? {} : { reason }) });
    }
  }
}

/** Says it where the message was, in its thread if it is in one. */
const sayInChannel =
  (
    api: SlackApi | null,
    {
      command,
      thread,
    }: {
      readonly command: { readonly room: HostCommand['room']; readonly sender: HostCommand['sender'] };
      readonly thread: string | null;
    },
  ): Say =>
  async (answers) => {
    if (api === null) {
      throw new AppError('unavailable', 'To answer messages the hub needs HUB_SLACK_BOT_TOKEN.', { reason: 'noToken' });
    }
    const { response_type, ...form } = formOf(answers, SLACK_MARKUP);
    const target = { channel: command.room.id, ...(thread === null ? {} : { thread_ts: thread }) };
    if (response_type === 'in_channel') await api.post('chat.postMessage', { ...target, ...form });
    else await api.post('chat.postEphemeral', { ...target, user: command.sender.id, ...form });
  };

const isSslCheck = (body: Buffer): boolean => body.length < 200 && fieldsOf(body)['ssl_check'] === '1';

/** Where Slack wants answers: its own hosts for hooks. */
const isSlack = ({ protocol, hostname, port }: URL): boolean =>
  protocol === 'https:' && port === '' && (hostname === 'hooks.slack.com' || hostname === 'hooks.slack-gov.com');

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const isSlackOrLoopback = (url: URL): boolean => isSlack(url) || LOOPBACK.test(url.hostname);
