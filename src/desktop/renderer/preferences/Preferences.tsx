import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Bridge } from '../../ipc/contract.ts';
import { PREFERENCES_TABS, type PreferencesTab } from '../../ipc/preferencesTabs.ts';
import type { PreferencesAction, PreferencesDraft, PreferencesView } from '../../ipc/preferencesView.ts';
import { SpeechProvider, useWords } from '../ui/speech.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useEscape } from '../ui/useEscape.ts';
import { useView } from '../ui/useView.ts';
import { Accounts } from './Accounts.tsx';
import { FormContext } from './form.tsx';
import { General } from './General.tsx';
import { Managed } from './Managed.tsx';
import { Messages } from './Messages.tsx';
import { Notifications } from './Notifications.tsx';
import { Rules } from './Rules.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useDraft } from './useDraft.ts';

interface PreferencesProps {
  readonly bridge: Bridge;
  readonly first: PreferencesView;
  readonly draft: PreferencesDraft | null;
}

/** What a tab is given. */
export interface TabProps {
  readonly view: PreferencesView;
  readonly act: (action: PreferencesAction) => Promise<boolean>;
}

/** The Preferences: a tab for each topic. */
export function Preferences({ bridge, first, draft }: PreferencesProps): JSX.Element {
  const view = useView(first, () => bridge.preferences(null), bridge.preferencesChanged);
  const [close] = useState(() => () => void bridge.preferencesAct({ kind: 'close' }));
  useEscape(close);
  return (
    <SpeechProvider speech={view.speech} zone={view.zone} title="preferences.title">
      <Pages bridge={bridge} view={view} first={draft} />
    </SpeechProvider>
  );
}

interface PagesProps {
  readonly bridge: Bridge;
  readonly view: PreferencesView;
  readonly first: PreferencesDraft | null;
}

function Pages({ bridge, view, first }: PagesProps): JSX.Element {
  const { t } = useWords();
  const [tab, setTab] = useState<PreferencesTab>(view.tab.name);
  const [error, setError] = useState('');
  const form = useDraft(bridge, view, first);

  // Somebody has asked for a tab while the window was open.
  useEffect(() => setTab(view.tab.name), [view.tab.asked]);

  const select = (name: PreferencesTab): void => {
    setTab(name);
    setError('');
    void bridge.preferencesAct({ kind: 'tab', tab: name });
  };
  const act = async (action: PreferencesAction): Promise<boolean> => {
    const answer = await bridge.preferencesAct(action);
    const isForbidden = !answer.ok && answer.error.code === 'forbidden';
    setError(answer.ok ? '' : isForbidden ? t('preferences.locked') : answer.error.message);
    return answer.ok;
  };
  const props: TabProps = { view, act };
  const pages: Readonly<Record<PreferencesTab, () => JSX.Element>> = {
    accounts: () => <Accounts {...props} />,
    rules: () => <Rules view={view} />,
    messages: () => <Messages view={view} />,
    notifications: () => <Notifications {...props} />,
    general: () => <General {...props} />,
    managed: () => <Managed {...props} />,
  };
  const isForm = tab === 'rules' || tab === 'messages';
  return (
    <FormContext.Provider value={{ ...form, locked: view.locked }}>
      <Tabs
        label={t('preferences.title')}
        tabs={PREFERENCES_TABS.map((name) => ({ name, label: t(`preferences.tab.${name}`) }))}
        selected={tab}
        onSelect={select}
      >
        <h1 class="unseen">{t('preferences.title')}</h1>
        <p role="alert" class={error === '' ? '' : 'notice error selectable'}>
          {error}
        </p>
        {pages[tab]()}
      </Tabs>
      {(isForm || form.isDirty) && <SaveBar tab={tab} onTab={select} />}
    </FormContext.Provider>
  );
}
