import type { JSX } from 'preact';
import { EN } from '../../../core/texts/en.ts';
import type { TextKey } from '../../../core/texts.ts';
import type { PreferencesView } from '../../ipc/preferencesView.ts';
import { useWords, type Words } from '../ui/speech.tsx';
import type { TabProps } from './Preferences.tsx';

const hasText = (key: string): key is TextKey => Object.hasOwn(EN, key);

/** A key of the settings by its name in words; one without a name by itself. */
const nameOf = (path: string, { t }: Words): string => {
  const key = `setting.${path}`;
  return hasText(key) ? t(key) : path;
};

function shownValue(
  path: string,
  value: PreferencesView['managed']['keys'][number]['value'],
  { t, list }: Words,
): string {
  if (value === null) return t('preferences.managed.hidden');
  if (typeof value === 'boolean') return t(value ? 'preferences.yes' : 'preferences.no');
  if (Array.isArray(value)) return value.length === 0 ? t('preferences.managed.nothing') : list(value);
  if (value === '') return t('preferences.managed.nothing');
  const asChoice = [
    `preferences.effect.${value}`,
    `preferences.general.${path}.${value}`,
    `preferences.${path}.${value}`,
  ];
  const key = path === 'statusMessage' || path === 'oofMessage' ? undefined : asChoice.find(hasText);
  return key === undefined ? String(value) : t(key);
}

/** What the organisation has set, and why. */
export function Managed({ view, act }: TabProps): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { name, because, helpDesk, keys } = view.managed;
  const who = name === '' ? t('preferences.managed.organisation') : name;
  const groups = [
    {
      id: 'yours',
      title: t('preferences.managed.yours'),
      keys: keys.filter(({ path }) => !path.startsWith('organisation.')),
    },
    {
      id: 'services',
      title: t('preferences.managed.services'),
      keys: keys.filter(({ path }) => path.startsWith('organisation.')),
    },
  ];
  return (
    <div class="stack wide">
      <p>{t(keys.length === 0 ? 'preferences.managed.none' : 'preferences.managed.about', { name: who })}</p>
      {because !== '' && (
        <blockquote class="notice selectable">
          <strong>{t('preferences.managed.because', { name: who })}</strong>
          <br />
          {because}
        </blockquote>
      )}
      {helpDesk !== '' && (
        <div class="row">
          <button type="button" onClick={() => void act({ kind: 'helpDesk' })}>
            {t('preferences.managed.helpDesk')}
          </button>
          <span class="soft small selectable">{helpDesk}</span>
        </div>
      )}
      {groups
        .filter((group) => group.keys.length > 0)
        .map((group) => (
          <section key={group.id} aria-labelledby={`managed-${group.id}`}>
            <h2 id={`managed-${group.id}`}>{group.title}</h2>
            <dl class="card managed">
              {group.keys.map(({ path, value }) => (
                <div key={path} class="setting" data-key={path}>
                  <dt>{nameOf(path, words)}</dt>
                  <dd class="selectable">{shownValue(path, value, words)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </div>
  );
}
