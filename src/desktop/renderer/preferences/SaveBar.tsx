import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PreferencesTab } from '../../ipc/preferencesTabs.ts';
import { useWords } from '../ui/speech.tsx';
import { idOf, tabOf, useForm } from './form.tsx';

interface SaveBarProps {
  readonly tab: PreferencesTab;
  readonly onTab: (tab: PreferencesTab) => void;
}

/** Saves or discards what was typed in Rules and Messages, and says how it stands. */
export function SaveBar({ tab, onTab }: SaveBarProps): JSX.Element {
  const { t } = useWords();
  const { isDirty, faults, conflicts, save, discard } = useForm();
  const [isSaved, setSaved] = useState(false);
  const [error, setError] = useState('');
  const [wanted, setWanted] = useState<string | null>(null);
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (isDirty) setSaved(false);
  }, [isDirty]);

  // After the tab has been turned to: there is the field.
  useLayoutEffect(() => {
    if (wanted === null) return;
    document.getElementById(wanted)?.focus();
    setWanted(null);
  }, [wanted, tab]);

  const onSave = async (): Promise<void> => {
    const [fault] = faults;
    if (fault !== undefined) {
      const home = tabOf(fault.path);
      if (home !== tab) onTab(home);
      setWanted(idOf(fault.path));
      return;
    }
    const answer = await save();
    setError(answer.ok ? '' : answer.error.code === 'forbidden' ? t('preferences.locked') : answer.error.message);
    setSaved(answer.ok);
    // The button that was pressed can't be pressed any more, so that the focus would be lost.
    if (answer.ok) status.current?.focus();
  };
  const onDiscard = (): void => {
    discard();
    setError('');
    status.current?.focus();
  };
  const words =
    faults.length > 0
      ? t('preferences.faults', { count: String(faults.length) })
      : isDirty
        ? t('preferences.dirty')
        : t(isSaved ? 'preferences.saved' : 'preferences.clean');
  return (
    <footer class="save-bar">
      <div>
        <p ref={status} tabIndex={-1} role="status" class={faults.length > 0 ? 'error' : 'soft'}>
          {words}
        </p>
        {conflicts.length > 0 && <p role="alert">{t('preferences.conflicts')}</p>}
        <p role="alert" class="error">
          {error}
        </p>
      </div>
      <button type="button" disabled={!isDirty} onClick={onDiscard}>
        {t('preferences.discard')}
      </button>
      <button type="button" class="default" disabled={!isDirty} onClick={() => void onSave()}>
        {t('preferences.save')}
      </button>
    </footer>
  );
}
