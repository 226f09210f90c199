/** The packages that hold the keychain's binary for the platforms and processors being built. */
export function keychainPackages(targets: { platforms: string[]; archs: string[] }): string[];
