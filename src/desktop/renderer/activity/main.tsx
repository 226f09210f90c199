import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { ActivityWindow } from './ActivityWindow.tsx';

const answer = await bridge.activity(null);
if (answer.ok) render(<ActivityWindow bridge={bridge} first={answer.value} />, document.body);
