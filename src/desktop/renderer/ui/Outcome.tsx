import type { JSX } from 'preact';
import type { PromptView } from '../../ipc/promptView.ts';

interface OutcomeProps {
  readonly outcome: NonNullable<PromptView['outcome']>;
}

/** What the app can do now, and what the service does not let it do. */
export function Outcome({ outcome: { can, cannotLabel, cannot } }: OutcomeProps): JSX.Element {
  return (
    <div class="outcome">
      <ul class="can" aria-labelledby="message">
        {can.map((ability) => (
          <li key={ability}>{ability}</li>
        ))}
      </ul>
      {cannot.length > 0 && (
        <>
          <p id="cannot">{cannotLabel}</p>
          <ul class="cannot" aria-labelledby="cannot">
            {cannot.map((ability) => (
              <li key={ability}>{ability}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
