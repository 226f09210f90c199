import type { AppPaths } from '../../adapters/node/paths.ts';
import type { Logger } from '../../ports/logger.ts';
import type { TrayHost } from './tray.ts';

/** What main.ts has ready before anything else is loaded; `compose` builds the app on it. */
export interface Shell {
  readonly paths: AppPaths;
  /** Whether the app runs on sample data, in a home folder of its own. */
  readonly sample: boolean;
  /** Whether debug lines are logged. */
  readonly debug: boolean;
  readonly tray: TrayHost;
  /** `out/preload/prompt.cjs` */
  readonly preloadFile: string;
  /** `out/renderer` */
  readonly rendererDir: string;
  readonly quit: () => void;
  /** Quits; `last` runs when all has stopped. */
  readonly endWith: (last: () => Promise<void>) => void;
}

/** The app that `compose` has started. */
export interface RunningApp {
  readonly logger: Logger;
  /** The program was started once more: shows the person that it runs. */
  showFirst(): void;
  /** Gives back or leaves the presence, by the settings, and ends all work. */
  stop(): Promise<void>;
}

export type Compose = (shell: Shell) => Promise<RunningApp>;
