import type { Settings, SettingsProblem } from '../core/settings.ts';

/** The person's settings under the organisation's. One writer: this store. */
export interface SettingsStore {
  get(): Settings;
  /** Keys (dotted paths) that the organisation has set and the person can't. */
  locked(): ReadonlySet<string>;
  /** What was wrong with what was read; empty when all was well. */
  problems(): readonly SettingsProblem[];
  /** Throws `AppError('invalidInput')` for a value that does not parse, `AppError('forbidden')` for a locked key. */
  update(change: Partial<Settings>): void;
  /** Called after every change, whoever made it; returns the stop. */
  subscribe(onChange: (settings: Settings) => void): () => void;
}
