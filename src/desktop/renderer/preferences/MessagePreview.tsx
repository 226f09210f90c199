import type { JSX } from 'preact';
import type { Draft } from '../../../core/draft.ts';
import { WORDED } from '../../../core/draftKeys.ts';
import type { PreferencesTried, PreferencesTry, PreferencesView } from '../../ipc/preferencesView.ts';
import { useWords, type Words } from '../ui/speech.tsx';
import { useForm } from './form.tsx';

type Sample = PreferencesTry['sample'];
type ChatPreview = NonNullable<PreferencesTried['outcome']>['preview']['chats'][number];

const nameOf = (sample: Sample): string =>
  sample.kind === 'showAs' ? sample.showAs : sample.kind === 'category' ? `category-${sample.index}` : 'next';

/** What can be looked at: the event that comes next, and one of each kind. */
const samplesOf = ({ categories }: Draft, { t }: Words) => [
  { sample: { kind: 'next' } as Sample, label: t('preferences.preview.next') },
  ...([...WORDED, 'oof'] as const).map((showAs) => ({
    sample: { kind: 'showAs', showAs } as Sample,
    label: t('preferences.preview.showAs', { kind: t(`preferences.showAs.${showAs}`) }),
  })),
  ...categories.map(({ name }, index) => ({
    sample: { kind: 'category', index } as Sample,
    label: t('preferences.messages.category', { name }),
  })),
];

/** What each chat would show, by the code that decides it when the time has come. */
export function MessagePreview({ chats }: Pick<PreferencesView, 'chats'>): JSX.Element {
  const words = useWords();
  const { t, time, timeFrom } = words;
  const { draft, sample, look, outcome, faults } = useForm();
  const samples = samplesOf(draft, words);
  const preview = outcome?.preview ?? null;
  return (
    <aside class="day-panel" aria-labelledby="preview">
      <h2 id="preview">{t('preferences.preview')}</h2>
      <label for="preview-sample">{t('preferences.preview.of')}</label>
      <select
        id="preview-sample"
        value={nameOf(sample)}
        onChange={(event) => {
          const chosen = samples.find((one) => nameOf(one.sample) === event.currentTarget.value);
          if (chosen !== undefined) look(chosen.sample);
        }}
      >
        {samples.map((one) => (
          <option key={nameOf(one.sample)} value={nameOf(one.sample)}>
            {one.label}
          </option>
        ))}
      </select>
      {faults.length > 0 && <p class="small">{t('preferences.preview.faults')}</p>}
      {preview?.event != null && (
        <p class="soft small selectable">
          {t('preferences.preview.event', {
            subject: preview.event.subject.trim() || t('day.noSubject'),
            start: timeFrom(preview.event.start, outcome?.day.now ?? preview.event.start),
            end: time(preview.event.end),
          })}
        </p>
      )}
      {preview?.event === null && <p class="small">{t('preferences.preview.nothing')}</p>}
      {preview?.event != null && !preview.counts && <p class="small">{t('preferences.preview.ignored')}</p>}
      {chats.length === 0 && <p class="small">{t('preferences.chats.none')}</p>}
      <ul class="previews">
        {preview?.chats.map((chat) => (
          <li key={chat.id} class="card preview" data-preview={chat.id}>
            <strong>{chats.find(({ id }) => id === chat.id)?.label ?? chat.id}</strong>
            <Shown chat={chat} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Shown({ chat }: { readonly chat: ChatPreview }): JSX.Element {
  const { t, time } = useWords();
  const { state, text, length, limit, emoji, until, silent } = chat;
  const isCut = limit > 0 && length > limit;
  return (
    <>
      <p class="shown selectable">
        {state !== null && <span class={`chip ${state}`}>{t(`state.${state}`)}</span>}
        {emoji !== '' && <span class="emoji">{emoji}</span>}
        {text !== '' && <span class="said">{text}</span>}
        {state === null && text === '' && <span class="soft">{t('preferences.preview.none')}</span>}
      </p>
      {limit === 0 ? (
        <p class="soft small">{t('preferences.preview.noText')}</p>
      ) : (
        length > 0 && (
          <p class={isCut ? 'error small' : 'soft small'}>
            {t(isCut ? 'preferences.preview.cut' : 'preferences.preview.length', {
              count: String(length),
              limit: String(limit),
            })}
          </p>
        )
      )}
      {until !== null && <p class="soft small">{t('preferences.preview.until', { time: time(until) })}</p>}
      {silent.map(({ mark, silence }) => (
        <p key={mark} class="small why-silent">
          {t('preferences.preview.silent', {
            mark: t(`preferences.marks.${mark}`),
            why: t(`preferences.silence.${silence}`),
          })}
        </p>
      ))}
    </>
  );
}
