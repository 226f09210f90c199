import type { JSX } from 'preact';
import type { ChatDraft, OwnWordsDraft } from '../../../core/draft.ts';
import { WORDED } from '../../../core/draftKeys.ts';
import type { PreferencesTry, PreferencesView } from '../../ipc/preferencesView.ts';
import { useWords } from '../ui/speech.tsx';
import { CheckField } from './fields.tsx';
import { useForm } from './form.tsx';
import { MessagePreview } from './MessagePreview.tsx';
import { OwnTemplate, TemplateField } from './TemplateField.tsx';

type Sample = PreferencesTry['sample'];
const showAs = (name: (typeof WORDED)[number] | 'oof'): Sample => ({ kind: 'showAs', showAs: name });

/** What the chats say: a draft, with what each would show. */
export function Messages({ view }: { readonly view: PreferencesView }): JSX.Element {
  const { t } = useWords();
  const { draft, change } = useForm();
  const { categories, words } = draft;
  return (
    <div class="beside">
      <MessagePreview chats={view.chats} />
      <div class="stack">
        <section aria-labelledby="messages-meeting">
          <h2 id="messages-meeting">{t('preferences.messages.meeting')}</h2>
          <div class="card">
            <TemplateField
              path="statusMessage"
              label={t('preferences.messages.text')}
              hint={t('preferences.messages.text.hint')}
              value={draft.statusMessage}
              sample={showAs('busy')}
              onInput={(statusMessage) => change({ statusMessage })}
            />
            <TemplateField
              path="statusEmoji"
              isEmoji
              label={t('preferences.messages.emoji')}
              hint={t('preferences.messages.emoji.hint')}
              value={draft.statusEmoji}
              sample={showAs('busy')}
              onInput={(statusEmoji) => change({ statusEmoji })}
            />
          </div>
        </section>
        <section aria-labelledby="messages-oof">
          <h2 id="messages-oof">{t('preferences.messages.oof')}</h2>
          <div class="card">
            <TemplateField
              path="oofMessage"
              label={t('preferences.messages.text')}
              value={draft.oofMessage}
              sample={showAs('oof')}
              onInput={(oofMessage) => change({ oofMessage })}
            />
            <TemplateField
              path="oofEmoji"
              isEmoji
              label={t('preferences.messages.emoji')}
              value={draft.oofEmoji}
              sample={showAs('oof')}
              onInput={(oofEmoji) => change({ oofEmoji })}
            />
          </div>
        </section>
        <section aria-labelledby="messages-privacy">
          <h2 id="messages-privacy">{t('preferences.privacy')}</h2>
          <div class="card">
            {(['subject', 'location'] as const).map((name) => (
              <CheckField
                key={name}
                path={`privacy.${name}`}
                label={t(`preferences.privacy.${name}`)}
                hint={t(`preferences.privacy.${name}.hint`)}
                checked={draft.privacy[name]}
                onChange={(allowed) => change({ privacy: { ...draft.privacy, [name]: allowed } })}
              />
            ))}
          </div>
        </section>
        <section aria-labelledby="messages-kinds">
          <h2 id="messages-kinds">{t('preferences.messages.kinds')}</h2>
          <p class="soft small">{t('preferences.messages.kinds.hint')}</p>
          {WORDED.map((name) => (
            <OwnWords
              key={name}
              path={`words.${name}`}
              title={t(`preferences.showAs.${name}`)}
              words={words[name]}
              usual={{ text: draft.statusMessage, emoji: draft.statusEmoji }}
              sample={showAs(name)}
              onChange={(changed) => change({ words: { ...words, [name]: { ...words[name], ...changed } } })}
            />
          ))}
          {categories.map((category, index) => (
            <OwnWords
              key={index}
              path={`categories.${index}`}
              title={t('preferences.messages.category', { name: category.name })}
              words={category}
              usual={{ text: draft.statusMessage, emoji: draft.statusEmoji }}
              sample={{ kind: 'category', index }}
              onChange={(changed) => change({ categories: categories.with(index, { ...category, ...changed }) })}
            />
          ))}
        </section>
        <section aria-labelledby="messages-chats">
          <h2 id="messages-chats">{t('preferences.messages.chats')}</h2>
          <p class="soft small">{t('preferences.messages.chats.hint')}</p>
          {view.chats.map(({ id, label, emoji }) => {
            const chat = draft.chats[id];
            if (chat === undefined) return null;
            const put = (changed: Partial<ChatDraft['words']>) =>
              change({ chats: { ...draft.chats, [id]: { ...chat, words: { ...chat.words, ...changed } } } });
            return <ChatWords key={id} id={id} label={label} hasEmoji={emoji} words={chat.words} onChange={put} />;
          })}
        </section>
      </div>
    </div>
  );
}

interface OwnWordsProps {
  readonly path: string;
  readonly title: string;
  readonly words: OwnWordsDraft;
  readonly usual: { readonly text: string; readonly emoji: string };
  readonly sample: Sample;
  readonly onChange: (change: Partial<OwnWordsDraft>) => void;
}

/** Words of one kind of event; open where there are any. */
function OwnWords({ path, title, words, usual, sample, onChange }: OwnWordsProps): JSX.Element {
  const { t } = useWords();
  const { faults } = useForm();
  const isOwn =
    words.text !== null || words.emoji !== null || faults.some((fault) => fault.path.startsWith(`${path}.`));
  return (
    <details class="card own" open={isOwn}>
      <summary>
        {title} <span class="soft small">{isOwn ? '' : t('preferences.messages.usual')}</span>
      </summary>
      <OwnTemplate
        path={`${path}.text`}
        label={t('preferences.messages.text')}
        of={title}
        value={words.text}
        usual={usual.text}
        sample={sample}
        onChange={(text) => onChange({ text })}
      />
      <OwnTemplate
        path={`${path}.emoji`}
        isEmoji
        label={t('preferences.messages.emoji')}
        of={title}
        value={words.emoji}
        usual={usual.emoji}
        sample={sample}
        onChange={(emoji) => onChange({ emoji })}
      />
    </details>
  );
}

interface ChatWordsProps {
  readonly id: string;
  readonly label: string;
  readonly hasEmoji: boolean;
  readonly words: ChatDraft['words'];
  readonly onChange: (change: Partial<ChatDraft['words']>) => void;
}

const CHAT_FIELDS = [
  { key: 'statusMessage', isEmoji: false, sample: showAs('busy') },
  { key: 'statusEmoji', isEmoji: true, sample: showAs('busy') },
  { key: 'oofMessage', isEmoji: false, sample: showAs('oof') },
  { key: 'oofEmoji', isEmoji: true, sample: showAs('oof') },
] as const;

/** What one chat says otherwise than the others. */
function ChatWords({ id, label, hasEmoji, words, onChange }: ChatWordsProps): JSX.Element {
  const { t } = useWords();
  const { draft, faults } = useForm();
  const path = `chats.${id}.words`;
  const isOwn = Object.values(words).some((own) => own !== null) || faults.some((fault) => fault.path.startsWith(path));
  return (
    <details class="card own" data-chat={id} open={isOwn}>
      <summary>
        {label} <span class="soft small">{isOwn ? '' : t('preferences.messages.everywhere')}</span>
      </summary>
      {CHAT_FIELDS.filter(({ isEmoji }) => hasEmoji || !isEmoji).map(({ key, isEmoji, sample }) => (
        <OwnTemplate
          key={key}
          path={`${path}.${key}`}
          isEmoji={isEmoji}
          label={t(`preferences.messages.${key}`)}
          of={label}
          value={words[key]}
          usual={draft[key]}
          sample={sample}
          onChange={(value) => onChange({ [key]: value })}
        />
      ))}
    </details>
  );
}
