import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { Prompt } from './Prompt.tsx';

const answer = await bridge.view(null);
if (answer.ok) render(<Prompt bridge={bridge} first={answer.value} />, document.body);
