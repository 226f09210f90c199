/** What a command may be called; a file's name is this and its ending. Never a path. */
export const COMMAND_NAME = /^[a-z0-9_-]{1,64}$/;

const MESSAGE = /^\s*\/([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/i;

/** A message that begins with a slash and a name. */
export interface Command {
  /** In lower case. */
  readonly name: string;
  /** What follows, without the space around it; empty for nothing. */
  readonly query: string;
}

/** Reads `/name query`. Null for what is no command. */
export function commandOf(message: string): Command | null {
  const [, name, query = ''] = MESSAGE.exec(message) ?? [];
  return name === undefined ? null : { name: name.toLowerCase(), query: query.trim() };
}
