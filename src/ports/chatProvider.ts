import type { ChatCapabilities, ChatReading, Presence } from '../core/presence.ts';
import type { Instant, TimeZone } from '../core/time.ts';

/** What to change. What is absent stays as the chat shows it. */
export interface PresenceWrite {
  readonly presence?: Presence;
  /** When the chat shall end the state by itself, where it can (`stateExpires`). Absent: the state is set for good. */
  readonly stateUntil?: Instant;
  /** Where the chat's profile has a zone. */
  readonly profileTimeZone?: TimeZone;
}

/** One chat account. Throws `AppError` only. */
export interface ChatProvider {
  readonly accountId: string;
  /** What the person knows it by, such as `HipChat`. */
  readonly label: string;
  readonly capabilities: ChatCapabilities;
  /** What the chat shows now, in its stored form. */
  read(signal: AbortSignal): Promise<ChatReading>;
  /**
   * Writes what is given; `basis` is the reading it was decided on, for services that want the whole user back.
   * States outside `capabilities.states` are left as they are.
   */
  write(change: PresenceWrite, basis: ChatReading, signal: AbortSignal): Promise<void>;
  /** Ends what the provider keeps open, such as a connection. Absent where there is nothing; never throws. */
  close?(): Promise<void>;
}
