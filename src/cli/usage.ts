/** Options as they were given. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The words after the command were not understood. */
export class WrongUsage extends Error {}

export const textOf = (value: Values[string]): string | null => (typeof value === 'string' ? value : null);

export function noMore(rest: readonly string[]): void {
  if (rest[0] !== undefined) throw new WrongUsage(`"${rest[0]}" is one word too many.`);
}
