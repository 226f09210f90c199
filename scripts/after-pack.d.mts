/** What is wrong with a fuse wire as read by `getCurrentFuseWire`; empty when it is as the shipped app needs it. */
export function fuseProblems(wire: object): string[];
/** Sets the fuses of a packed app's executable (or .app folder), reads them back, and throws when they are not right. */
export function setFuses(path: string, options?: { resetAdHocDarwinSignature?: boolean }): Promise<void>;
