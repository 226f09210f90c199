import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActivityAction, ActivityTab, ActivityView } from '../../ipc/activityView.ts';
import type { Bridge } from '../../ipc/contract.ts';
import { SpeechProvider, useWords } from '../ui/speech.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { useEscape } from '../ui/useEscape.ts';
import { useView } from '../ui/useView.ts';
import { Activity } from './Activity.tsx';
import { Why } from './Why.tsx';

interface ActivityWindowProps {
  readonly bridge: Bridge;
  readonly first: ActivityView;
}

/** Why the status is what it is, and what HipStatus has done. */
export function ActivityWindow({ bridge, first }: ActivityWindowProps): JSX.Element {
  const view = useView(first, () => bridge.activity(null), bridge.activityChanged);
  const [act] = useState(() => (action: ActivityAction) => void bridge.activityAct(action));
  const [close] = useState(() => () => act({ kind: 'close' }));
  useEscape(close);
  return (
    <SpeechProvider speech={view.speech} zone={view.zone} title="activity.title">
      <Pages view={view} act={act} bridge={bridge} />
    </SpeechProvider>
  );
}

const TABS: readonly ActivityTab[] = ['why', 'activity'];

interface PagesProps {
  readonly view: ActivityView;
  readonly act: (action: ActivityAction) => void;
  readonly bridge: Bridge;
}

function Pages({ view, act, bridge }: PagesProps): JSX.Element {
  const { t } = useWords();
  const tabs = TABS.map((name) => ({ name, label: t(`activity.tab.${name}`) }));
  return (
    <Tabs label={t('activity.title')} tabs={tabs} selected={view.tab} onSelect={(tab) => act({ kind: 'tab', tab })}>
      {view.tab === 'why' ? <Why view={view} /> : <Activity view={view} act={act} bridge={bridge} />}
    </Tabs>
  );
}
