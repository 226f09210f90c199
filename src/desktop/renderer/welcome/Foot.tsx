import type { ComponentChildren, JSX } from 'preact';
import { useWords } from '../ui/speech.tsx';
import type { PartProps } from './Welcome.tsx';

interface FootProps extends Omit<PartProps, 'body'> {
  readonly children?: ComponentChildren;
}

/** The buttons beneath a step; the way to sample data is always among them. What could not be done is said above them. */
export function Foot({ view, act, children }: FootProps): JSX.Element {
  const { t } = useWords();
  return (
    <footer>
      <p class="fault error small" role="alert">
        {view.fault}
      </p>
      <div class="buttons">
        {view.hasSample && (
          <button
            type="button"
            class="link aside"
            title={t('welcome.sample.hint')}
            aria-describedby="sample-hint"
            onClick={() => act({ kind: 'sample' })}
          >
            {t('welcome.sample')}
          </button>
        )}
        <span id="sample-hint" hidden>
          {t('welcome.sample.hint')}
        </span>
        {children}
      </div>
    </footer>
  );
}
