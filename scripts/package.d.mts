/** What electron-builder's arguments ask for. native: for this machine only, so that its own Electron can be packaged. */
export interface PackageTargets {
  readonly platforms: string[];
  readonly archs: string[];
  readonly native: boolean;
}

/** Reads from electron-builder's arguments what is going to be built. */
export function readTargets(args: string[], host: { platform: string; arch: string }): PackageTargets;
/** The bundle id of the build: `-c.appId=…`, else the one in electron-builder.yml. */
export function readBundleId(args: string[]): string;
