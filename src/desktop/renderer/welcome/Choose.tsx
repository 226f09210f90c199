import type { JSX } from 'preact';
import type { ProviderName } from '../../../core/accounts.ts';
import type { TextKey } from '../../../core/texts.ts';
import type { WelcomeBody } from '../../ipc/welcomeView.ts';
import { useWords } from '../ui/speech.tsx';
import { Foot } from './Foot.tsx';
import { useHeading } from './useHeading.ts';
import type { PartProps } from './Welcome.tsx';

/** For whom a service is, where its name does not say it. */
const ABOUT: Partial<Record<ProviderName, TextKey>> = {
  microsoft365: 'welcome.about.microsoft365',
  google: 'welcome.about.google',
  caldav: 'welcome.about.caldav',
  ics: 'welcome.about.ics',
  webhook: 'welcome.about.webhook',
  hub: 'welcome.about.hub',
};

/** Which service is used. */
export function Choose({ view, body, act }: PartProps<WelcomeBody<'choose'>>): JSX.Element {
  const { t } = useWords();
  const heading = useHeading();
  const { step, providers, canGoBack } = body;
  return (
    <>
      <main>
        <h2 ref={heading} tabIndex={-1} id="step-title">
          {t(`welcome.choose.${step}`)}
        </h2>
        {step === 'calendar' && !canGoBack && <p class="soft">{t('welcome.intro')}</p>}
        {providers.length === 0 && <p class="soft">{t('welcome.choose.none')}</p>}
        <ul class="services" aria-labelledby="step-title">
          {providers.map(({ provider, name, isReady }) => {
            const about = isReady ? ABOUT[provider] : 'welcome.choose.notReady';
            return (
              <li key={provider}>
                <button type="button" data-provider={provider} onClick={() => act({ kind: 'choose', provider })}>
                  <strong>{name}</strong>
                  {about !== undefined && <span class="soft small">{t(about)}</span>}
                </button>
              </li>
            );
          })}
        </ul>
      </main>
      <Foot view={view} act={act}>
        {canGoBack && (
          <button type="button" onClick={() => act({ kind: 'back' })}>
            {t('welcome.back')}
          </button>
        )}
      </Foot>
    </>
  );
}
