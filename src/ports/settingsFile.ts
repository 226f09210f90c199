/** The settings file as raw JSON; what it means is decided above. */
export interface SettingsFile {
  /** Undefined when there is none yet; throws `AppError('badResponse')` when it is not JSON. */
  read(): unknown;
  /** Atomic. */
  write(value: Readonly<Record<string, unknown>>): void;
  /** Moves a broken file out of the way and returns where it is now. */
  setAside(): string;
  /** Called when another program changed the file; returns the stop. */
  watch(onChange: () => void): () => void;
}
