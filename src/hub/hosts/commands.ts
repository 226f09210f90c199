import { AppError } from '../../core/appError.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Addon } from '../addons/addon.ts';
import { isPrivate } from '../addons/calls.ts';
import { type Notification, notificationOf } from '../addons/messages.ts';
import type { RunCommand } from '../commands/runCommand.ts';
import { webhookCalls } from './addonCalls.ts';
import { deliveryOf, type HostAnswer, type HostCommand, type Say } from './message.ts';

export interface HostCommandsDeps {
  readonly addons: readonly Addon[];
  /** Null when there are no scripts. */
  readonly runCommand: RunCommand | null;
  /** The names of all scripts. */
  readonly scripts: () => Promise<readonly string[]>;
  readonly logger: Logger;
}

/** All commands of a hub, for every chat that is not HipChat: those of add-ons, and scripts. */
export interface HostCommands {
  /** Whether somebody has said this name: an add-on, or a script. */
  knows(name: string): Promise<boolean>;
  /**
   * Runs a command. Never rejects. @returns what is to be said; null where there is no such command
   * @param say for what add-ons say before and after their answer
   */
  run(command: HostCommand, say: Say): Promise<readonly HostAnswer[] | null>;
  /** For a command that is none: what there is. */
  hint(name: string): Promise<HostAnswer>;
}

type Answered = Notification | string | null | undefined;

export const toSender = (message: string, color: 'red' | 'yellow' = 'yellow'): HostAnswer => ({
  notification: notificationOf({ message, message_format: 'text', color }),
  isPrivate: true,
});

function answersOf(answered: unknown): readonly HostAnswer[] {
  if (answered === null || answered === undefined) return [];
  if (isPrivate(answered)) return [{ notification: notificationOf(answered.notification), isPrivate: true }];
  // Whatever it is, the schema looks at it.
  return [{ notification: notificationOf(answered as NonNullable<Answered>), isPrivate: false }];
}

export function createHostCommands({ addons, runCommand, scripts, logger }: HostCommandsDeps): HostCommands {
  const commands = addons.flatMap(({ key, parts }) => parts.commands.map((command) => ({ key, ...command })));

  /** What a handler answers; what goes wrong in it is said to who asked. */
  async function guarded(addon: string, name: string, run: () => unknown): Promise<readonly HostAnswer[]> {
    try {
      return answersOf(await run());
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : null;
      logger.error('A command of an add-on failed', { addon, command: name, code: error?.code ?? 'defect' });
      const why = error?.message ?? 'Whoever runs the hub finds why in its log.';
      return [toSender(`/${name} failed. ${why}`, 'red')];
    }
  }

  return {
    async knows(name) {
      return commands.some((command) => command.name === name) || (await scripts()).includes(name);
    },

    async run(command, say) {
      const { name, query, mentions, room } = command;
      const own = commands.find((one) => one.name === name);
      if (own !== undefined) {
        const { service, identity, sender, profile } = command;
        const who = { service, identity, name: sender.name, profile };
        return guarded(own.key, name, () => own.handler({ name, query, who, mentions }));
      }
      const calls = addons.flatMap((addon) =>
        webhookCalls(addon, command, say).map((call) => ({ ...call, key: addon.key })),
      );
      const answers = await Promise.all(calls.map(({ key, run }) => guarded(key, name, run)));
      if (calls.some(({ isFor }) => isFor)) return answers.flat();
      if (runCommand === null || !(await scripts()).includes(name)) {
        const said = answers.flat();
        return said.length > 0 ? said : null;
      }
      const reply = await runCommand({ name, query, notification: deliveryOf(command), roomId: room.id });
      return [...answers.flat(), ...answersOf(reply)];
    },

    async hint(name) {
      const names = [...new Set([...commands.map((one) => one.name), ...(await scripts())])].sort();
      const known = names.length === 0 ? 'It has none yet.' : `It has ${names.map((one) => `/${one}`).join(', ')}.`;
      return toSender(`The hub has no command /${name}. ${known}`);
    },
  };
}
