import type { Redis } from 'ioredis';
import { AppError } from '../../core/appError.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HubSettings } from '../settings.ts';
import type { HubStore } from './port.ts';

/** An open store, and what belongs to the same place. */
export interface Opened {
  readonly store: HubStore;
  /** Where hubs count requests together; null where there is but one hub. */
  readonly limits: Redis | null;
  close(): Promise<void>;
}

/** Opens the store that the settings name: Redis, or the file of this machine. Throws `AppError`. */
export async function openStore(_settings: HubSettings, _clock: Clock, _logger: Logger): Promise<Opened> {
  throw new AppError('unavailable', 'The stores are still to come.');
}
