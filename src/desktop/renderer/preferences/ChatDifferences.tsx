import type { JSX } from 'preact';
import type { ChatDraft } from '../../../core/draft.ts';
import type { PreferencesView } from '../../ipc/preferencesView.ts';
import { useWords } from '../ui/speech.tsx';
import { EFFECTS, useEffectOptions } from './effects.ts';
import { CheckField, SelectField } from './fields.tsx';
import { useForm } from './form.tsx';

/** What single chats show otherwise than the others. */
export function ChatDifferences({ chats }: Pick<PreferencesView, 'chats'>): JSX.Element | null {
  const { t } = useWords();
  const { draft, change } = useForm();
  const effects = useEffectOptions(EFFECTS);
  if (chats.length === 0) return null;
  const put = (id: string, chat: ChatDraft) => change({ chats: { ...draft.chats, [id]: chat } });
  return (
    <section aria-labelledby="rules-chats">
      <h2 id="rules-chats">{t('preferences.chats.differences')}</h2>
      <p class="soft small">{t('preferences.chats.differences.hint')}</p>
      {chats.map(({ id, label }) => {
        const chat = draft.chats[id];
        if (chat === undefined) return null;
        return (
          <fieldset key={id} class="card chat" data-chat={id}>
            <legend>{label}</legend>
            {(['state', 'text'] as const).map((part) => (
              <CheckField
                key={part}
                path={`chats.${id}.shows.${part}`}
                label={t(`preferences.chats.shows.${part}`)}
                checked={chat.shows[part]}
                onChange={(shown) => put(id, { ...chat, shows: { ...chat.shows, [part]: shown } })}
              />
            ))}
            {(['dnd', 'busy', 'away'] as const).map((state) => (
              <SelectField
                key={state}
                path={`chats.${id}.as.${state}`}
                label={t('preferences.chats.as', { state: t(`state.${state}`) })}
                value={chat.as[state]}
                options={[
                  { value: '' as const, label: t('preferences.chats.as.same') },
                  ...effects
                    .filter(({ value }) => value !== state || chat.as[state] === value)
                    .map(({ value, label: words }) =>
                      value === 'ignore' ? { value, label: t('preferences.chats.as.ignore') } : { value, label: words },
                    ),
                ]}
                onChange={(becomes) => put(id, { ...chat, as: { ...chat.as, [state]: becomes } })}
              />
            ))}
          </fieldset>
        );
      })}
    </section>
  );
}
