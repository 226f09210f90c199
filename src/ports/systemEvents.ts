/** What the machine tells us. */
export type SystemEvent = 'wake' | 'unlock' | 'online' | 'zoneChange' | 'clockJump';

export interface SystemEvents {
  /** Returns the stop. */
  subscribe(onEvent: (event: SystemEvent) => void): () => void;
}
