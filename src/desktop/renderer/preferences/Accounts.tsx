import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWords } from '../ui/speech.tsx';
import { AccountCard } from './AccountCard.tsx';
import { isLocked } from './form.tsx';
import type { TabProps } from './Preferences.tsx';

/** What is to have the focus once the accounts stand otherwise. */
interface Wish {
  readonly account: string;
  /** What button it was on: `up`, `down` …; null for the card itself. */
  readonly on: string | null;
}

/** Calendars and chats: how each stands, and what can be done about it. */
export function Accounts({ view, act }: TabProps): JSX.Element {
  const { t } = useWords();
  const home = useRef<HTMLDivElement>(null);
  const last = useRef<{ readonly account: string; readonly place: number } | null>(null);
  const wish = useRef<Wish | null>(null);
  const order = view.accounts.map(({ id }) => id).join(' ');

  const focus = ({ account, on }: Wish): void => {
    const card = home.current?.querySelector<HTMLElement>(`[data-account="${CSS.escape(account)}"]`);
    const buttons = [...(card?.querySelectorAll<HTMLButtonElement>('[data-move]') ?? [])];
    const same = buttons.find((button) => button.dataset['move'] === on && !button.disabled);
    (
      same ??
      buttons.find((button) => on !== null && !button.disabled) ??
      card?.querySelector<HTMLElement>('h3')
    )?.focus();
  };

  useLayoutEffect(() => {
    const ids = view.accounts.map(({ id }) => id);
    if (wish.current !== null) {
      focus(wish.current);
      wish.current = null;
    } else if (last.current !== null && !ids.includes(last.current.account)) {
      // The one that had the focus is removed: the next one takes it, or what adds one.
      const next = ids[Math.min(last.current.place, ids.length - 1)];
      if (next === undefined) home.current?.querySelector<HTMLElement>('button')?.focus();
      else focus({ account: next, on: null });
    }
  }, [order]);

  const move = async (account: string, by: -1 | 1): Promise<void> => {
    wish.current = { account, on: by === -1 ? 'up' : 'down' };
    if (!(await act({ kind: 'move', account, by }))) wish.current = null;
  };

  const list = (kind: 'calendar' | 'chat'): JSX.Element => {
    const accounts = view.accounts.filter((account) => account.kind === kind);
    const locked = isLocked(view.locked, kind === 'chat' ? 'chats' : 'calendars');
    const canAdd = view.addable.some((one) => one.kind === kind);
    return (
      <section aria-labelledby={`${kind}s`}>
        <div class="heading">
          <h2 id={`${kind}s`}>{t(`preferences.${kind}s`)}</h2>
          <button
            type="button"
            disabled={locked || !canAdd}
            onClick={() => void act({ kind: 'prompt', prompt: { kind: 'choose', what: kind } })}
          >
            {t(`preferences.${kind}s.add`)}
          </button>
        </div>
        {locked && <p class="hint locked">{t('preferences.locked')}</p>}
        {accounts.length === 0 && <p class="soft">{t(`preferences.${kind}s.none`)}</p>}
        <ul class="accounts">
          {accounts.map((account, place) => (
            <AccountCard
              key={account.id}
              account={account}
              isFirst={place === 0}
              isLast={place === accounts.length - 1}
              isLocked={locked}
              act={act}
              onMove={(by) => void move(account.id, by)}
              onFocus={() => {
                last.current = { account: account.id, place: view.accounts.indexOf(account) };
              }}
            />
          ))}
        </ul>
      </section>
    );
  };
  return (
    <div ref={home} class="stack wide">
      <p class="soft small">{t('preferences.accounts.about')}</p>
      {list('calendar')}
      {list('chat')}
    </div>
  );
}
