import type { JSX } from 'preact';
import type { Bridge } from '../../ipc/contract.ts';
import type { WelcomeAction, WelcomeView } from '../../ipc/welcomeView.ts';
import { Banner } from '../ui/Banner.tsx';
import { Mark } from '../ui/Mark.tsx';
import { SpeechProvider, useWords } from '../ui/speech.tsx';
import { useEscape } from '../ui/useEscape.ts';
import { useView } from '../ui/useView.ts';
import { Choose } from './Choose.tsx';
import { Connected } from './Connected.tsx';
import { Form } from './Form.tsx';
import { TryIt } from './TryIt.tsx';

interface WelcomeProps {
  readonly bridge: Bridge;
  readonly first: WelcomeView;
}

/** What each of the steps' parts gets. */
export interface PartProps<Body = WelcomeView['body']> {
  readonly view: WelcomeView;
  readonly body: Body;
  readonly act: (action: WelcomeAction) => void;
}

/** The first start: three steps, each with what it is about and what came of it. */
export function Welcome({ bridge, first }: WelcomeProps): JSX.Element {
  const view = useView(first, () => bridge.welcome(null), bridge.welcomeChanged);
  const act = (action: WelcomeAction): void => void bridge.welcomeAct(action);
  const { body } = view;
  const isWaiting = body.kind === 'form' && body.prompt.progress !== null;
  // What is waited for is given up first; then the window closes.
  useEscape(() => act({ kind: isWaiting ? 'back' : 'close' }));
  return (
    <SpeechProvider speech={view.speech} zone={view.zone} title="welcome.title">
      <div class="page">
        <Head view={view} act={act} />
        <Part view={view} act={act} />
      </div>
    </SpeechProvider>
  );
}

function Head({ view, act }: Omit<PartProps, 'body'>): JSX.Element {
  const { t } = useWords();
  return (
    <header>
      <Banner />
      <Mark />
      <h1>{t('welcome.title')}</h1>
      <nav aria-label={t('welcome.steps')}>
        <ol>
          {view.steps.map(({ step, isDone, canOpen }, index) => {
            const name = t(`welcome.step.${step}`);
            return (
              <li key={step}>
                <button
                  type="button"
                  aria-current={step === view.step ? 'step' : undefined}
                  class={isDone ? 'isDone' : ''}
                  disabled={!canOpen}
                  onClick={() => act({ kind: 'goTo', step })}
                >
                  <span class="number" aria-hidden="true">
                    {isDone ? '✓' : index + 1}
                  </span>
                  {name}
                  {isDone && <span class="unseen">{t('welcome.stepDone')}</span>}
                </button>
              </li>
            );
          })}
        </ol>
      </nav>
    </header>
  );
}

/** The part of the step; a new one for every form, so that nothing typed is carried over. */
function Part({ view, act }: Omit<PartProps, 'body'>): JSX.Element {
  const { body } = view;
  switch (body.kind) {
    case 'choose':
      return <Choose key={`choose-${body.step}`} view={view} body={body} act={act} />;
    case 'form':
      return <Form key={`form-${body.step}-${body.prompt.title}`} view={view} body={body} act={act} />;
    case 'connected':
      return <Connected key={`connected-${body.step}`} view={view} body={body} act={act} />;
    case 'try':
      return <TryIt key="try" view={view} body={body} act={act} />;
  }
}
