import { userInfo } from 'node:os';
import { app } from 'electron';
import type { Fetch } from '../../adapters/http.ts';
import { createKeychainSecrets, type KeychainSecrets } from '../../adapters/node/keychainSecrets.ts';
import { readLegacyPreferences } from '../../adapters/node/legacyPreferences.ts';
import { loopbackOnly } from '../../adapters/node/loopbackOnly.ts';
import { fixedManaged, type ManagedSource, openManaged } from '../../adapters/node/managedSettings.ts';
import { createMemorySecrets } from '../../adapters/node/memorySecrets.ts';
import type { AppPaths, Machine } from '../../adapters/node/paths.ts';
import { removeAfterEnd } from '../../adapters/node/sampleHomes.ts';
import { type Speech, text } from '../../core/texts.ts';
import type { Clock } from '../../ports/clock.ts';
import { inSample, markWindows } from './sampleMode.ts';

/** What the app has around it: the person's machine, or the stage of the sample data. All that differs is here. */
export interface Surroundings {
  /** What the organisation has set. */
  readonly managed: ManagedSource;
  /** What the former HipStatus has kept. */
  readonly legacy: Readonly<Record<string, unknown>> | null;
  /** @param bundleId prefix of the keychain items' names */
  readonly secrets: (bundleId: () => string) => KeychainSecrets;
  /** What of the network is reached. */
  readonly reached: (fetch: Fetch) => Fetch;
  /** How the person is spoken to. */
  readonly spoken: (speech: Speech) => Speech;
  /** Whether the app may start with the person's session. */
  readonly mayLaunchAtLogin: boolean;
  close(): Promise<void>;
}

export async function ownSurroundings(machine: Machine, bundleId: string, clock: Clock): Promise<Surroundings> {
  return {
    managed: await openManaged({ ...machine, bundleId, user: userInfo().username }),
    legacy: await readLegacyPreferences({ homedir: machine.homedir, bundleId }),
    secrets: (prefix) => createKeychainSecrets({ bundleId: prefix, platform: machine.platform, clock }),
    reached: (fetch) => fetch,
    spoken: (speech) => speech,
    mayLaunchAtLogin: true,
    close: async () => undefined,
  };
}

/** An invented person's accounts, on this machine alone; the home folder goes with the process. */
export async function sampleSurroundings(paths: AppPaths, clock: Clock, speech: Speech): Promise<Surroundings> {
  removeAfterEnd(paths.home);
  markWindows(app, (title) => text('sample.title', speech, { title }));
  const { openStage } = await import('../sample/stage.ts');
  const stage = await openStage({ now: () => clock.now(), zone: clock.zone(), speech });
  return {
    managed: fixedManaged(stage.managed),
    legacy: null,
    secrets: () => createMemorySecrets(stage.secrets),
    reached: loopbackOnly,
    spoken: inSample,
    mayLaunchAtLogin: false,
    close: () => stage.close(),
  };
}
