/** What the command line gives the hub. */
export interface HubShell {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the system or the person asks the program to end. */
  readonly stopSignal: AbortSignal;
}

/** The hub's bundle, as the command line finds it beside its own. */
export interface HubProgram {
  /** Runs `hipstatus hub WORDS…` to its end. The number is the exit code: 0 done, 1 failed, 2 wrong usage. */
  runHub(words: readonly string[], shell: HubShell): Promise<number>;
}
