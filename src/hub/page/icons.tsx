import type { JSX } from 'preact';
import type { PresenceState } from '../../core/presence.ts';
import icon from './icon.svg';

/** The app's icon. */
export const Mark = (): JSX.Element => <img class="mark" src={icon} alt="" width="32" height="32" />;

/** A shape for each state, so that colour is never all there is. Drawn on 16 × 16. */
const SHAPES: Readonly<Record<PresenceState, JSX.Element>> = {
  available: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="M4.8 8.3 7 10.5l4.3-4.6" class="cut" />
    </>
  ),
  busy: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <circle cx="8" cy="8" r="2.4" class="hole" />
    </>
  ),
  dnd: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="M4.7 8h6.6" class="cut" />
    </>
  ),
  away: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="M8 4.4V8l2.5 1.9" class="cut" />
    </>
  ),
  offline: (
    <>
      <circle cx="8" cy="8" r="6" class="line" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" class="line" />
    </>
  ),
};

export const StateIcon = ({ state }: { readonly state: PresenceState }): JSX.Element => (
  <svg class={`state-icon ${state}`} viewBox="0 0 16 16" aria-hidden="true">
    {SHAPES[state]}
  </svg>
);
