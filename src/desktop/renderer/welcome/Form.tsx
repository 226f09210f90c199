import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { WelcomeBody } from '../../ipc/welcomeView.ts';
import { buttonsOf, PromptParts } from '../ui/PromptParts.tsx';
import { useWords } from '../ui/speech.tsx';
import { useAnswer, usePromptFocus } from '../ui/useAnswer.ts';
import { Foot } from './Foot.tsx';
import type { PartProps } from './Welcome.tsx';

/** One account's sign-in or fields, with what will be read or written there. */
export function Form({ view, body, act }: PartProps<WelcomeBody<'form'>>): JSX.Element {
  const { t } = useWords();
  const { prompt, service, address, isGiven } = body;
  const { answer, type } = useAnswer(prompt);
  const form = useRef<HTMLFormElement>(null);
  const isBusy = prompt.progress !== null;
  const isEmail = address === null && prompt.fields.some(({ name }) => name === 'value');
  usePromptFocus(form, prompt, 'input', 'button[type=submit]', 'h2');
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (!isBusy && prompt.submitLabel !== null) act({ kind: 'submit', answer });
  };
  const button = (id: string) => () => act({ kind: 'prompt', action: id });
  return (
    <form ref={form} noValidate onSubmit={onSubmit} aria-labelledby="title" aria-busy={isBusy}>
      <main>
        <h2 id="title" tabIndex={-1}>
          {prompt.title}
        </h2>
        {isGiven && <p>{t('welcome.given')}</p>}
        <p id="message" class="soft">
          {isEmail && service !== '' ? t('welcome.emailFor', { service }) : prompt.message}
        </p>
        {address !== null && (
          <p class="small">
            {t('welcome.address', { email: address.email })}{' '}
            {!address.isLocked && !isBusy && (
              <button type="button" class="link" onClick={() => act({ kind: 'email' })}>
                {t('welcome.address.other')}
              </button>
            )}
          </p>
        )}
        <div>
          <PromptParts view={prompt} answer={answer} type={type} act={button} />
        </div>
        {prompt.error !== null && (
          <div class="row fixes">
            <button type="button" class="link" onClick={() => act({ kind: 'checks' })}>
              {t('welcome.fix.checks')}
            </button>
            {body.hasHelpDesk && (
              <button type="button" class="link" onClick={() => act({ kind: 'helpDesk' })}>
                {t('welcome.fix.helpDesk')}
              </button>
            )}
          </div>
        )}
        {!isEmail && <Terms body={body} />}
      </main>
      <Foot view={view} act={act}>
        {buttonsOf(prompt).inRow.map(({ id, label }) => (
          <button key={id} type="button" onClick={button(id)}>
            {label}
          </button>
        ))}
        <button type="button" onClick={() => act({ kind: 'back' })}>
          {isBusy ? (prompt.cancelLabel ?? t('welcome.back')) : t('welcome.back')}
        </button>
        {prompt.submitLabel !== null && (
          <button type="submit" class="default" disabled={isBusy}>
            {prompt.submitLabel}
          </button>
        )}
      </Foot>
    </form>
  );
}

/** What is read, or written, and what never is. */
function Terms({ body: { step, can, cannot } }: { readonly body: WelcomeBody<'form'> }): JSX.Element {
  const { t } = useWords();
  const [first, second] =
    step === 'calendar'
      ? [
          { title: t('welcome.reads.title'), lines: [t('welcome.reads.times'), t('welcome.reads.subjects')] },
          { title: t('welcome.never.title'), lines: [t('welcome.never.change'), t('welcome.never.mail')] },
        ]
      : [
          { title: t('welcome.writes.title'), lines: [...can, t('welcome.writes.own')] },
          { title: t('welcome.writes.cannot'), lines: [...cannot, t('welcome.writes.never')] },
        ];
  return (
    <div class="terms">
      {[first, second].map(({ title, lines }, index) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul class={index === 0 ? 'yes' : 'no'}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
