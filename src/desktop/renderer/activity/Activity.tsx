import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActivityAccount, ActivityEntry } from '../../../core/activity.ts';
import { ACTIVITY_GROUPS, type ActivityGroup, accountOf, groupOf } from '../../../core/activityKinds.ts';
import { entryOf } from '../../../core/providerCatalogue.ts';
import type { ActivityAction, ActivityView } from '../../ipc/activityView.ts';
import type { Bridge } from '../../ipc/contract.ts';
import { useWords } from '../ui/speech.tsx';
import { Days } from './Days.tsx';
import { Export } from './Export.tsx';
import { useEntries } from './useEntries.ts';

interface ActivityProps {
  readonly view: ActivityView;
  readonly act: (action: ActivityAction) => void;
  readonly bridge: Bridge;
}

const ALL = 'all';

/** So many are drawn at first, and more each time they are asked for: ten thousand lines would take the window's breath. */
const PAGE = 200;

/** What HipStatus has done, the latest first. */
export function Activity({ view, act, bridge }: ActivityProps): JSX.Element {
  const { t } = useWords();
  const entries = useEntries(bridge);
  const [group, setGroup] = useState<ActivityGroup | typeof ALL>(ALL);
  const [account, setAccount] = useState<string>(ALL);
  const [most, setMost] = useState(PAGE);
  const nameOf = ({ id, provider }: ActivityAccount): string =>
    view.accounts.find((one) => one.id === id && one.provider === provider)?.label ?? entryOf(provider).name;
  const accounts = accountsIn(entries ?? []);
  const fitting = (entries ?? []).filter(
    (entry) => (group === ALL || groupOf(entry) === group) && (account === ALL || keyOf(accountOf(entry)) === account),
  );
  const shown = fitting.slice(-most).reverse();
  const isFiltered = group !== ALL || account !== ALL;
  return (
    <div class="stack" aria-busy={entries === null}>
      <h1>{t('activity.tab.activity')}</h1>
      <p class="soft small">{t('activity.intro')}</p>
      <div class="filters">
        <label for="group">{t('activity.show')}</label>
        <select
          id="group"
          value={group}
          onChange={({ currentTarget }) => {
            setGroup(ACTIVITY_GROUPS.find((one) => one === currentTarget.value) ?? ALL);
            setMost(PAGE);
          }}
        >
          {[ALL, ...ACTIVITY_GROUPS].map((one) => (
            <option key={one} value={one}>
              {t(`activity.group.${one as ActivityGroup | typeof ALL}`)}
            </option>
          ))}
        </select>
        <label for="account">{t('activity.account')}</label>
        <select
          id="account"
          value={account}
          onChange={({ currentTarget }) => {
            setAccount(currentTarget.value);
            setMost(PAGE);
          }}
        >
          <option value={ALL}>{t('activity.account.all')}</option>
          {accounts.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {nameOf(one)}
            </option>
          ))}
        </select>
        <span class="soft small" role="status">
          {entries === null ? '' : t('activity.count', { count: String(fitting.length) })}
        </span>
      </div>
      <Export act={act} bridge={bridge} />
      {entries !== null && shown.length === 0 && (
        <p class="empty soft">{t(isFiltered ? 'activity.emptyFiltered' : 'activity.empty')}</p>
      )}
      <Days entries={shown} now={view.now} zone={view.zone} nameOf={nameOf} />
      {fitting.length > shown.length && (
        <button type="button" class="more" onClick={() => setMost(most + PAGE)}>
          {t('activity.more')}
        </button>
      )}
    </div>
  );
}

const keyOf = (account: ActivityAccount | null): string =>
  account === null ? '' : `${account.provider}/${account.id}`;

/** Each account once, in the order in which they come. */
function accountsIn(entries: readonly ActivityEntry[]): readonly ActivityAccount[] {
  const found = new Map<string, ActivityAccount>();
  for (const entry of entries) {
    const account = accountOf(entry);
    if (account !== null) found.set(keyOf(account), account);
  }
  return [...found.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}
