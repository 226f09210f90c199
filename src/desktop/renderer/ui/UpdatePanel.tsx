import type { JSX } from 'preact';
import { type NoteBlock, UPDATE_CHANNELS, UPDATE_MODES, type UpdateState } from '../../../core/updateState.ts';
import { failureText } from '../../../core/updateWords.ts';
import type { UpdateAction, UpdateView } from '../../ipc/updateView.ts';
import { Choice } from './Choice.tsx';
import { useWords, type Words } from './speech.tsx';

interface UpdatePanelProps {
  readonly view: UpdateView;
  readonly onAct: (action: UpdateAction) => void;
}

/** What is so, in a sentence. */
function saying(state: UpdateState, { t, dateTime, speech }: Words): string {
  switch (state.kind) {
    case 'off':
      return t(`update.off.${state.why}`);
    case 'idle':
      return state.lookedAt === null ? t('update.never') : t('update.idle', { time: dateTime(state.lookedAt) });
    case 'checking':
      return t('update.checking');
    case 'available':
      return t('update.available', { version: state.version });
    case 'downloading': {
      const format = new Intl.NumberFormat(speech.locale, { style: 'percent' });
      return t('update.downloading', { version: state.version, percent: format.format(state.percent / 100) });
    }
    case 'ready':
      return t(state.waitsFor === null ? 'update.ready' : `update.waits.${state.waitsFor}`, { version: state.version });
    case 'installing':
      return t('update.installing', { version: state.version });
    case 'failed':
      return t(failureText(state), { version: state.version ?? '' });
  }
}

/** Items that follow one another are one list. */
function grouped(notes: readonly NoteBlock[]): readonly (readonly NoteBlock[])[] {
  const groups: NoteBlock[][] = [];
  for (const note of notes) {
    const last = groups.at(-1);
    if (note.kind === 'item' && last?.[0]?.kind === 'item') last.push(note);
    else groups.push([note]);
  }
  return groups;
}

function Group({ group }: { readonly group: readonly NoteBlock[] }): JSX.Element {
  const [first] = group;
  if (first?.kind === 'heading') return <h4>{first.text}</h4>;
  if (first?.kind === 'text') return <p>{first.text}</p>;
  return (
    <ul>
      {group.map(({ text }, index) => (
        <li key={`${index}`}>{text}</li>
      ))}
    </ul>
  );
}

function Notes({ version, notes }: { readonly version: string; readonly notes: readonly NoteBlock[] }): JSX.Element {
  const { t } = useWords();
  return (
    <div class="notes">
      <h3 id="update-notes">{t('update.notes', { version })}</h3>
      {notes.length === 0 ? (
        <p class="soft small">{t('update.noNotes')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
        <section class="text selectable" tabIndex={0} aria-labelledby="update-notes">
          {grouped(notes).map((group, index) => (
            <Group key={`${index}`} group={group} />
          ))}
        </section>
      )}
    </div>
  );
}

/** New versions: what is so, what is new, what is to happen, and the buttons for it. For a page of Preferences. */
export function UpdatePanel({ view, onAct }: UpdatePanelProps): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { state, version, mode, channel, locked } = view;
  const isUnderWay = ['checking', 'downloading', 'installing'].includes(state.kind);
  const isWaiting = state.kind === 'available' || (state.kind === 'ready' && state.waitsFor !== 'meeting');
  const hasFeed = !(state.kind === 'off' && state.why !== 'mode');
  // What failed on the way to a version goes on from there; what the restart did not bring is looked for anew.
  const isHalfway = state.kind === 'failed' && state.version !== null && state.reason !== 'notInstalled';
  const hint = (isLocked: boolean): string => (isLocked ? t('update.locked') : '');
  return (
    <section class="updates stack" aria-labelledby="updates">
      <h2 id="updates">{t('update.title')}</h2>
      <p class="soft small">{t('update.running', { version })}</p>
      <p role="status" class={state.kind === 'failed' ? 'notice selectable' : undefined}>
        {isUnderWay && <span class="spinner" aria-hidden="true" />}
        {saying(state, words)}
      </p>
      {state.kind === 'downloading' && <progress max={100} value={state.percent} aria-label={saying(state, words)} />}
      {'notes' in state && <Notes version={state.version} notes={state.notes} />}
      {hasFeed && state.kind !== 'off' && (
        <div class="row">
          {isWaiting && (
            <button type="button" class="default" onClick={() => onAct({ kind: 'install' })}>
              {state.kind === 'ready' ? t('update.restart') : t('update.install', { version: state.version })}
            </button>
          )}
          <button type="button" disabled={isUnderWay} onClick={() => onAct({ kind: isHalfway ? 'install' : 'look' })}>
            {t(state.kind === 'failed' ? 'update.again' : 'update.look')}
          </button>
        </div>
      )}
      {hasFeed && (
        <div class="card">
          <Choice
            id="update-mode"
            label={t('update.mode')}
            value={mode}
            options={UPDATE_MODES.map((value) => ({ value, label: t(`update.mode.${value}`) }))}
            disabled={locked.mode}
            hint={hint(locked.mode)}
            onChange={(chosen) => onAct({ kind: 'mode', mode: chosen })}
          />
          <Choice
            id="update-channel"
            label={t('update.channel')}
            value={channel}
            options={UPDATE_CHANNELS.map((value) => ({ value, label: t(`update.channel.${value}`) }))}
            disabled={locked.channel || mode === 'off'}
            hint={hint(locked.channel)}
            onChange={(chosen) => onAct({ kind: 'channel', channel: chosen })}
          />
        </div>
      )}
    </section>
  );
}
