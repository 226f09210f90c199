import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { secretCheck } from '../outlook/secret.ts';
import type { HubSettings } from '../settings.ts';
import { commandOf } from './names.ts';
import { isOwnMachine } from './ownMachine.ts';
import type { Reply } from './reply.ts';
import type { RunCommand } from './runCommand.ts';
import { type RunStorageCommand, storageCommandOf } from './storageCommands.ts';

export const HOOK_PATH = '/integrations';

/** What is read of a webhook's body (HipChat API v2, "Webhooks"); scripts get all of it. */
const hookSchema = z.looseObject({
  event: z.string().optional(),
  item: z.looseObject({
    message: z.looseObject({ message: z.string() }).optional(),
    room: z.looseObject({ id: z.union([z.number(), z.string()]) }).optional(),
  }),
});

/** The chat server is not kept waiting for longer; a reply that comes later is lost. */
const PATIENCE = 5 * SECOND;

export interface CommandRouteDeps {
  readonly settings: HubSettings;
  /** Null when there are no integrations. */
  readonly runCommand: RunCommand | null;
  readonly runStorageCommand: RunStorageCommand;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Room messages that chat servers send on, and the old one-word commands of the storage. */
export function commandRoutes(deps: CommandRouteDeps): (app: FastifyInstance) => void {
  const { settings, runCommand, runStorageCommand } = deps;
  const isOld = settings.HUB_OLD_STORAGE_COMMANDS;
  const secret = settings.HUB_INTEGRATIONS_SECRET;
  const isSecret = secret === undefined ? () => false : secretCheck(secret);
  const letIn = accessCheck(settings, isSecret);
  return (app) => {
    // Chat servers and `curl -d` name their bodies differently, or not at all: what it is is seen in it.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    // Counted as whom `letIn` finds it to be.
    const options = { config: { isKnownLater: true }, onRequest: letIn(HOOK_NEEDS) } as const;
    const hook = (request: FastifyRequest, reply: FastifyReply) => answerHook(deps, textOf(request), reply);
    if (runCommand !== null) {
      app.post(HOOK_PATH, options, hook);
      app.post(`${HOOK_PATH}/:secret`, options, hook);
    }
    if (!isOld) return;
    app.post('/', { ...options, onRequest: letIn(STORAGE_NEEDS) }, async (request, reply) => {
      const text = textOf(request);
      const command = storageCommandOf(text);
      if (command === null) return hook(request, reply);
      // The secret of a webhook is known to the chat server: it is not for this.
      if (!mayAll(request, settings)) throw new AppError('forbidden', STORAGE_NEEDS);
      await runStorageCommand(command);
      return reply.status(200).type('text/plain; charset=utf-8').send('');
    });
  };
}

const textOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '');

const STORAGE_NEEDS =
  'This needs an admin token ("Authorization: Bearer …"), or has to come from the hub\'s own machine.';
const HOOK_NEEDS =
  'The address is not right: it ends in the secret of the integrations (HUB_INTEGRATIONS_SECRET), as in /integrations/SECRET.';

const mayAll = (request: FastifyRequest, settings: HubSettings): boolean =>
  request.actor?.scopes.includes('admin') === true || isOwnMachine(request, settings);

/** Lets in who knows the secret, has an admin token, or is on this machine. */
function accessCheck(settings: HubSettings, isSecret: (given: string) => boolean) {
  return (needs: string) =>
    async (request: FastifyRequest): Promise<void> => {
      const { secret: inPath } = request.params as { secret?: string };
      const { secret: inQuery } = request.query as { secret?: string | string[] };
      const given = inPath ?? (typeof inQuery === 'string' ? inQuery : undefined);
      if (given !== undefined && isSecret(given)) {
        // A chat server sends the messages of all rooms: it counts as one with a token.
        request.actor ??= {
          id: `integrations:${request.ip}`,
          name: 'Integrations',
          scopes: [],
          personId: null,
          createdAt: 0,
          expiresAt: null,
        };
        return;
      }
      if (given === undefined && mayAll(request, settings)) return;
      await request.server.countFailure(request);
      throw new AppError('forbidden', needs);
    };
}

async function answerHook({ runCommand, clock, logger }: CommandRouteDeps, text: string, reply: FastifyReply) {
  const parsed = hookSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new AppError(
      'invalidInput',
      'This is no webhook of a chat server: the body is JSON with "item", as HipChat sends it.',
    );
  }
  const { event = 'room_message', item } = parsed.data;
  const command = event === 'room_message' ? commandOf(item.message?.message ?? '') : null;
  if (command === null || runCommand === null) return reply.status(204).send();
  const running = runCommand({ ...command, notification: parsed.data, roomId: item.room?.id ?? null });
  running.catch((thrown: unknown) => {
    logger.error('A command failed', {
      integration: command.name,
      code: thrown instanceof AppError ? thrown.code : 'defect',
    });
  });
  const answer = await inTime(running, clock);
  if (answer === 'late') logger.warn('A command answers too late: it still runs', { integration: command.name });
  return answer === null || answer === 'late' ? reply.status(204).send() : reply.status(200).send(answer);
}

function inTime(running: Promise<Reply | null>, clock: Clock): Promise<Reply | null | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(PATIENCE, () => resolve('late'));
    running.then(resolve, reject).finally(() => timer.stop());
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
