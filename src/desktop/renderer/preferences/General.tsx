import type { JSX } from 'preact';
import type { PreferencesChange } from '../../ipc/preferencesView.ts';
import { Choice } from '../ui/Choice.tsx';
import { Switch } from '../ui/Switch.tsx';
import { useWords } from '../ui/speech.tsx';
import { isLocked } from './form.tsx';
import type { TabProps } from './Preferences.tsx';

const MINUTES = ['1', '2', '3', '4', '5'] as const;

/** What is left: each takes effect at once. */
export function General({ view, act }: TabProps): JSX.Element {
  const { t, duration } = useWords();
  const { email, launchAtLogin, onQuit, language, refreshMinutes } = view.general;
  const set = (change: PreferencesChange) => void act({ kind: 'set', change });
  const locks = (key: string, hint = '') => {
    const disabled = isLocked(view.locked, key);
    return { disabled, hint: disabled ? t('preferences.locked') : hint };
  };
  const ofEmail = locks('email', t('preferences.general.email.hint'));
  return (
    <div class="stack narrow">
      <div class="card">
        <Switch
          id="launch-at-login"
          label={t('preferences.general.launchAtLogin')}
          checked={launchAtLogin}
          {...locks('launchAtLogin')}
          onChange={(checked) => set({ launchAtLogin: checked })}
        />
        <Choice
          id="on-quit"
          label={t('preferences.general.onQuit')}
          value={onQuit}
          options={(['restore', 'leave'] as const).map((value) => ({
            value,
            label: t(`preferences.general.onQuit.${value}`),
          }))}
          {...locks('onQuit')}
          onChange={(value) => set({ onQuit: value })}
        />
        <Choice
          id="language"
          label={t('preferences.general.language')}
          value={language}
          options={(['system', 'en', 'de'] as const).map((value) => ({
            value,
            label: t(`preferences.general.language.${value}`),
          }))}
          {...locks('language')}
          onChange={(value) => set({ language: value })}
        />
        <Choice
          id="refresh-minutes"
          label={t('preferences.general.refreshMinutes')}
          value={String(refreshMinutes) as (typeof MINUTES)[number]}
          options={MINUTES.map((value) => ({ value, label: duration(Number(value)) }))}
          {...locks('refreshMinutes', t('preferences.general.refreshMinutes.hint'))}
          onChange={(value) => set({ refreshMinutes: Number(value) })}
        />
        <div class="setting">
          <span class="label" id="email-label">
            {t('preferences.general.email')}
          </span>
          <span class="row">
            <span class="selectable" id="email-value">
              {email === '' ? t('preferences.general.email.none') : email}
            </span>
            <button
              type="button"
              aria-describedby="email-label email-value email-hint"
              disabled={ofEmail.disabled}
              onClick={() => void act({ kind: 'prompt', prompt: { kind: 'email' } })}
            >
              {t('preferences.general.email.change')}
            </button>
          </span>
          <p id="email-hint" class="hint">
            {ofEmail.hint}
          </p>
        </div>
      </div>
      <div class="row">
        <button type="button" onClick={() => void act({ kind: 'checkConnections' })}>
          {t('checks.menu')}
        </button>
        <button type="button" onClick={() => void act({ kind: 'openLog' })}>
          {t('preferences.general.openLog')}
        </button>
      </div>
    </div>
  );
}
