import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { Welcome } from './Welcome.tsx';

const answer = await bridge.welcome(null);
if (answer.ok) render(<Welcome bridge={bridge} first={answer.value} />, document.body);
