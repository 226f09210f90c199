import type { ButtonHTMLAttributes, JSX } from 'preact';
import type { PreferencesAccount } from '../../ipc/preferencesView.ts';
import { useWords } from '../ui/speech.tsx';
import type { TabProps } from './Preferences.tsx';

interface AccountCardProps {
  readonly account: PreferencesAccount;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The organisation has set which accounts there are. */
  readonly isLocked: boolean;
  readonly act: TabProps['act'];
  readonly onMove: (by: -1 | 1) => void;
  readonly onFocus: () => void;
}

/** One account, with how it stands and what can be done with it. */
export function AccountCard(props: AccountCardProps): JSX.Element {
  const { account, isFirst, isLast, isLocked, act, onMove, onFocus } = props;
  const { t } = useWords();
  const { id, label, state, tone, message, fix, renew, choosesCalendars, abilities } = account;
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0 || !event.altKey || isLocked || (by === -1 ? isFirst : isLast)) return;
    event.preventDefault();
    onMove(by);
  };
  const heading = `account-${id}`;
  const button = (
    name: string,
    words: string,
    onClick: () => void,
    more: ButtonHTMLAttributes<HTMLButtonElement> = {},
  ) => (
    <button type="button" id={`${heading}-${name}`} aria-describedby={heading} onClick={onClick} {...more}>
      {words}
    </button>
  );
  return (
    <li class="card account" data-account={id} onKeyDown={onKeyDown} onFocusIn={onFocus}>
      <div class="heading">
        <h3 id={heading} tabIndex={-1}>
          {label}
        </h3>
        {!(isFirst && isLast) && (
          <span class="row">
            {(['up', 'down'] as const).map((way) => (
              <button
                key={way}
                type="button"
                class="small-button"
                data-move={way}
                aria-label={t(`preferences.account.${way}`, { account: label })}
                aria-keyshortcuts={way === 'up' ? 'Alt+ArrowUp' : 'Alt+ArrowDown'}
                title={t(`preferences.account.${way}`, { account: label })}
                disabled={isLocked || (way === 'up' ? isFirst : isLast)}
                onClick={() => onMove(way === 'up' ? -1 : 1)}
              >
                <span aria-hidden="true">{way === 'up' ? '▲' : '▼'}</span>
              </button>
            ))}
          </span>
        )}
      </div>
      <p class={`state ${tone}`}>
        <span class="dot" aria-hidden="true" />
        <span class="selectable">{state}</span>
        <LastRead account={account} />
      </p>
      {message !== null && (
        <p class="small selectable" lang="en">
          {message}
        </p>
      )}
      <Trial account={account} />
      <div class="row actions">
        {fix !== null && button('fix', fix, () => void act({ kind: 'fix', account: id }), { class: 'default' })}
        {renew !== null &&
          button('renew', renew, () => void act({ kind: 'prompt', prompt: { kind: 'renew', account: id } }))}
        {button('test', t('preferences.account.test'), () => void act({ kind: 'test', account: id }), {
          'aria-disabled': account.trial?.isRunning === true,
        })}
        {choosesCalendars &&
          button(
            'calendars',
            t('preferences.account.calendars'),
            () => void act({ kind: 'prompt', prompt: { kind: 'calendars', account: id } }),
            { disabled: isLocked },
          )}
        {button(
          'remove',
          t('preferences.account.remove'),
          () => void act({ kind: 'prompt', prompt: { kind: 'remove', account: id } }),
          { disabled: isLocked },
        )}
      </div>
      {abilities.can.length + abilities.cannot.length > 0 && (
        <details>
          <summary>{t('preferences.account.abilities')}</summary>
          <ul class="abilities">
            {abilities.can.map((one) => (
              <li key={one}>
                <span class="sign can" role="img" aria-label={t('preferences.account.can')}>
                  ✓
                </span>
                {one}
              </li>
            ))}
            {abilities.cannot.map((one) => (
              <li key={one} class="soft">
                <span class="sign" role="img" aria-label={t('preferences.account.cannot')}>
                  –
                </span>
                {one}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function LastRead({ account: { kind, lastReadAt } }: Pick<AccountCardProps, 'account'>): JSX.Element | null {
  const { t, dateTime } = useWords();
  if (kind !== 'calendar') return null;
  return (
    <span class="soft">
      {lastReadAt === null
        ? t('preferences.account.neverRead')
        : t('preferences.account.lastRead', { time: dateTime(lastReadAt) })}
    </span>
  );
}

/** What came of trying it. */
function Trial({ account: { trial, kind } }: Pick<AccountCardProps, 'account'>): JSX.Element {
  const { t, time } = useWords();
  const words = (): string => {
    if (trial === null) return '';
    if (trial.isRunning) return t('preferences.account.trying');
    const at = time(trial.at ?? 0);
    if (trial.error !== null) return t('preferences.account.failed', { time: at, message: trial.error.message });
    const count = String(trial.events ?? 0);
    return t(`preferences.account.worked.${kind}`, { time: at, count });
  };
  const look = trial === null || trial.isRunning ? 'soft' : trial.error === null ? 'good' : 'error';
  return (
    <p role="status" class={`trial small selectable ${look}`}>
      {trial?.isRunning === true && <span class="spinner" aria-hidden="true" />}
      {words()}
    </p>
  );
}
