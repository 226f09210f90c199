import type { JSX } from 'preact';
import { useWords } from './speech.tsx';

/** What is to be known before all else: that everything shown is invented. Nothing where there is nothing to say. */
export function Banner(): JSX.Element | null {
  const { t } = useWords();
  const said = t('common.banner');
  return said === '' ? null : (
    <p class="banner small" role="note">
      {said}
    </p>
  );
}
