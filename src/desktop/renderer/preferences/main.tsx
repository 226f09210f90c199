import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { Preferences } from './Preferences.tsx';

const [answer, draft] = await Promise.all([bridge.preferences(null), bridge.preferencesDraft(null)]);
if (answer.ok) {
  render(<Preferences bridge={bridge} first={answer.value} draft={draft.ok ? draft.value : null} />, document.body);
}
