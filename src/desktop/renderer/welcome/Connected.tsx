import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { WelcomeBody, WelcomeCheck } from '../../ipc/welcomeView.ts';
import { useWords, type Words } from '../ui/speech.tsx';
import { Foot } from './Foot.tsx';
import { useHeading } from './useHeading.ts';
import type { PartProps } from './Welcome.tsx';

type Body = WelcomeBody<'connected'>;

/** The accounts of a step: each was tried just now, and here is what came of it. */
export function Connected({ view, body, act }: PartProps<Body>): JSX.Element {
  const { t } = useWords();
  const heading = useHeading();
  const next = useRef<HTMLButtonElement>(null);
  const { step, accounts, canAdd, canGoOn } = body;
  // Enter goes on as soon as that is possible, unless the person is somewhere else by then.
  useEffect(() => {
    if (canGoOn && document.activeElement === heading.current) next.current?.focus();
  }, [canGoOn]);
  return (
    <>
      <main>
        <h2 ref={heading} tabIndex={-1}>
          {t(`welcome.connected.${step}`)}
        </h2>
        <ul class="accounts">
          {accounts.map((account) => (
            <li key={account.id} class="card" data-account={account.id}>
              <h3>{account.label}</h3>
              <Check account={account} act={act} />
              {step === 'chat' && (
                <details class="abilities">
                  <summary>{t('welcome.details')}</summary>
                  <ul class="yes">
                    {account.can.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                  <ul class="no">
                    {account.cannot.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                </details>
              )}
            </li>
          ))}
        </ul>
        {canAdd && (
          <button type="button" class="link another" onClick={() => act({ kind: 'another' })}>
            {t(`welcome.another.${step}`)}
          </button>
        )}
      </main>
      <Foot view={view} act={act}>
        <button
          ref={next}
          type="button"
          class="default"
          disabled={!canGoOn}
          onClick={() => act({ kind: 'goTo', step: step === 'calendar' ? 'chat' : 'try' })}
        >
          {t('welcome.next')}
        </button>
      </Foot>
    </>
  );
}

interface CheckProps {
  readonly account: Body['accounts'][number];
  readonly act: PartProps['act'];
}

/** What came of trying an account, and what to do where it failed. */
function Check({ account: { id, check }, act }: CheckProps): JSX.Element {
  const words = useWords();
  const { t } = words;
  const isWell = check.kind === 'calendar' || check.kind === 'chat';
  return (
    <>
      <p class={`check ${check.kind}`} role="status">
        {check.kind === 'checking' ? (
          <span class="spinner" aria-hidden="true" />
        ) : (
          <span class="sign" role="img" aria-label={t(isWell ? 'welcome.check.works' : 'welcome.check.fails')}>
            {isWell ? '✓' : '✕'}
          </span>
        )}
        <span class="selectable">{checkWords(check, words)}</span>
      </p>
      {check.kind === 'failed' && (
        <div class="row fixes">
          <button
            type="button"
            onClick={() => act(check.fix === 'renew' ? { kind: 'renew', account: id } : { kind: check.fix })}
          >
            {t(`welcome.fix.${check.fix}`)}
          </button>
          <button type="button" onClick={() => act({ kind: 'check', account: id })}>
            {t('welcome.fix.again')}
          </button>
        </div>
      )}
    </>
  );
}

function checkWords(check: WelcomeCheck, { t, time }: Words): string {
  switch (check.kind) {
    case 'checking':
      return t('welcome.check.trying');
    case 'failed':
      return check.message;
    case 'chat':
      return t(check.text === '' ? 'welcome.check.chat' : 'welcome.check.chatText', {
        state: t(`state.${check.state}`),
        text: check.text,
      });
    case 'calendar': {
      if (check.events === 0) return t('welcome.check.none');
      const count = String(check.events);
      const events = check.events === 1 ? t('welcome.check.one') : t('welcome.check.many', { count });
      if (check.next === null) return t('welcome.check.noMore', { events });
      return t('welcome.check.next', { events, time: time(check.next) });
    }
  }
}
