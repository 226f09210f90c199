import { type ChatReading, type Presence, samePresence } from './presence.ts';

/** A write in two acts, state and text, of which the first is known to have landed and the second is not. */
export interface HalfWritten {
  /** The reading that the write was decided on. */
  readonly basis: ChatReading;
  /** What the chat shows after the first act. */
  readonly shown: Presence;
}

/** Half of a write: the state is there. */
export const stateWritten = (basis: ChatReading, state: Presence['state']): HalfWritten => ({
  basis,
  shown: { ...basis.presence, state },
});

/** Half of a write: the text is there. @param text in the chat's stored form */
export const textWritten = (basis: ChatReading, text: Omit<Presence, 'state'>): HalfWritten => ({
  basis,
  shown: { ...text, state: basis.presence.state },
});

/**
 * The reading as the engine should see it: while a chat shows exactly half of a write of ours, that is nobody's word, and it
 * is as before the write, so that all of it is written again. Anything else that is shown is somebody's word.
 */
export const withoutHalf = (reading: ChatReading, half: HalfWritten | null): ChatReading =>
  half !== null && samePresence(reading.presence, half.shown) ? half.basis : reading;
