import type { JSX } from 'preact';
import type { WelcomeBody } from '../../ipc/welcomeView.ts';
import { Switch } from '../ui/Switch.tsx';
import { useWords, type Words } from '../ui/speech.tsx';
import { Timeline } from '../ui/Timeline.tsx';
import { Foot } from './Foot.tsx';
import { useHeading } from './useHeading.ts';
import type { PartProps } from './Welcome.tsx';

type Body = WelcomeBody<'try'>;
type Chat = Body['chats'][number];

/** More of a day would not be read. */
const MOST_TOLD = 3;

/** The last step: what happens today, and a trial for real. */
export function TryIt({ view, body, act }: PartProps<Body>): JSX.Element {
  const { t } = useWords();
  const heading = useHeading();
  const { day, chats, launchAtLogin, notifications } = body;
  const hint = ({ isLocked }: { readonly isLocked: boolean }) => (isLocked ? t('welcome.locked') : '');
  return (
    <>
      <main>
        <h2 ref={heading} tabIndex={-1}>
          {t('welcome.try.title')}
        </h2>
        {day === null ? (
          <p role="status" class="soft">
            {t('welcome.try.reading')}
          </p>
        ) : (
          <Timeline day={day} mostTicks={12} />
        )}
        <section aria-labelledby="plan">
          <h3 id="plan">{t('welcome.try.plan')}</h3>
          <ul class="accounts">
            {chats.map((chat) => (
              <li key={chat.id} class="card" data-chat={chat.id}>
                <ChatToday chat={chat} />
              </li>
            ))}
          </ul>
        </section>
        <Trial body={body} act={act} />
        <section class="card">
          <Switch
            id="launch"
            label={t('welcome.launch')}
            checked={launchAtLogin.isOn}
            disabled={launchAtLogin.isLocked}
            hint={hint(launchAtLogin)}
            onChange={(isOn) => act({ kind: 'launchAtLogin', isOn })}
          />
          <Switch
            id="notify"
            label={t('welcome.notify')}
            checked={notifications.isOn}
            disabled={notifications.isLocked}
            hint={hint(notifications)}
            onChange={(isOn) => act({ kind: 'notifications', isOn })}
          />
        </section>
      </main>
      <Foot view={view} act={act}>
        <button type="button" onClick={() => act({ kind: 'goTo', step: 'chat' })}>
          {t('welcome.back')}
        </button>
        <button type="button" class="default" onClick={() => act({ kind: 'done' })}>
          {t('welcome.finish')}
        </button>
      </Foot>
    </>
  );
}

/** What one chat shows now, and what it is told later. */
function ChatToday({ chat }: { readonly chat: Chat }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { label, plan, problem } = chat;
  return (
    <>
      <h4>{label}</h4>
      <p role="status" class={`shows ${chat.isOurs ? 'ours' : 'own'}`}>
        {problem === null ? shownWords(chat, words) : <span class="error">{problem}</span>}
      </p>
      <ul class="plan soft small">
        {plan.length === 0 && <li>{t('welcome.plan.none')}</li>}
        {plan.slice(0, MOST_TOLD).map((told) => (
          <li key={told.start}>{planWords(told, words)}</li>
        ))}
        {plan.length > MOST_TOLD && <li>{t('welcome.plan.more', { count: String(plan.length - MOST_TOLD) })}</li>}
      </ul>
    </>
  );
}

function shownWords({ shown, isOurs }: Chat, { t }: Words): string {
  if (shown === null) return t('welcome.shows.unknown');
  const whose = isOurs ? 'ours' : 'own';
  const marks = { state: t(`state.${shown.state}`), text: shown.text };
  return shown.text === '' ? t(`welcome.shows.${whose}`, marks) : t(`welcome.shows.${whose}Text`, marks);
}

function planWords({ start, end, state, text }: Chat['plan'][number], { t, time }: Words): string {
  const marks = { start: time(start), end: time(end), state: state === null ? '' : t(`state.${state}`), text };
  if (state === null) return t('welcome.plan.textOnly', marks);
  return t(text === '' ? 'welcome.plan.item' : 'welcome.plan.itemText', marks);
}

/** Busy for one minute, with what happens meanwhile. */
function Trial({ body: { trial, chats }, act }: Omit<PartProps<Body>, 'view'>): JSX.Element {
  const words = useWords();
  const { t, time } = words;
  const { phase, because, until } = trial;
  const blockedBy = because ?? 'noChat';
  const isOn = phase === 'starting' || phase === 'shown';
  const mayNot = phase === 'blocked' || phase === 'ending';
  const said = (): string => {
    switch (phase) {
      case 'ready':
        return t('welcome.trial.ask');
      case 'blocked':
        return t(`welcome.blocked.${blockedBy}`);
      case 'shown':
        return t('welcome.trial.shown', { time: until === null ? '' : time(until) });
      case 'over':
        return t(chats.some(({ isOurs }) => isOurs) ? 'welcome.trial.overBusy' : 'welcome.trial.over');
      default:
        return t(`welcome.trial.${phase}`);
    }
  };
  return (
    <section class={`trial ${phase}`} aria-labelledby="trial">
      <h3 id="trial">{t('welcome.trial.title')}</h3>
      <p id="trial-said" role="status">
        {(phase === 'starting' || phase === 'ending') && <span class="spinner" aria-hidden="true" />}
        {said()}
      </p>
      <button
        type="button"
        aria-describedby="trial-said"
        // Not `disabled`: that would take the focus from it while it is being stopped.
        aria-disabled={mayNot}
        onClick={() => !mayNot && act({ kind: isOn ? 'stopTrying' : 'tryIt' })}
      >
        {t(
          isOn
            ? 'welcome.trial.stop'
            : phase === 'over' || phase === 'ending'
              ? 'welcome.trial.again'
              : 'welcome.trial.begin',
        )}
      </button>
    </section>
  );
}
