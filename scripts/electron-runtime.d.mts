/** An Electron that can run here. */
export interface ElectronRuntime {
  /** The executable. */
  readonly path: string;
  /** Electron's version, e.g. `33.2.1`. */
  readonly version: string;
  /** Where it is from: HIPSTATUS_ELECTRON, Electron's own releases, or the npm registry. */
  readonly source: 'override' | 'official' | 'npm';
  /** Whether it must be given `--no-sandbox` here (Linux, as root or without user namespaces; tests only). */
  readonly needsNoSandbox: boolean;
  /** The folder it stands in, fit to be electron-builder's `electronDist`. */
  readonly distPath: string;
  /** The executable's name in that folder. */
  readonly executableName: string;
}

/** Finds an Electron, and fetches one when there is none (see electron-runtime.mjs for the order). */
export function resolveElectron(options?: { say?: (line: string) => void }): Promise<ElectronRuntime>;

/** Whether an Electron in this folder must be given `--no-sandbox` here. */
export function needsNoSandbox(folder: string): boolean;
