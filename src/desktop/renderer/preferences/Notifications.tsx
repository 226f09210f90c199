import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Switch } from '../ui/Switch.tsx';
import { useWords } from '../ui/speech.tsx';
import { isLocked } from './form.tsx';
import type { TabProps } from './Preferences.tsx';

/** Which notifications are shown. */
export function Notifications({ view, act }: TabProps): JSX.Element {
  const { t } = useWords();
  const [shown, setShown] = useState(0);
  const { notifications } = view.general;
  const notice = (name: 'status' | 'problems'): JSX.Element => {
    const disabled = isLocked(view.locked, `notifications.${name}`);
    return (
      <Switch
        id={`notifications-${name}`}
        label={t(`preferences.notifications.${name}`)}
        hint={disabled ? t('preferences.locked') : t(`preferences.notifications.${name}.hint`)}
        checked={notifications[name]}
        disabled={disabled}
        onChange={(checked) => void act({ kind: 'set', change: { notifications: { [name]: checked } } })}
      />
    );
  };
  const test = async (): Promise<void> => {
    if (await act({ kind: 'testNotice' })) setShown((count) => count + 1);
  };
  return (
    <div class="stack narrow">
      <div class="card">
        {notice('status')}
        {notice('problems')}
      </div>
      <div class="row">
        <button type="button" onClick={() => void test()}>
          {t('preferences.testNotice')}
        </button>
        <span role="status" class="soft small">
          {shown > 0 && <span key={shown}>{t('preferences.testNotice.shown')}</span>}
        </span>
      </div>
    </div>
  );
}
