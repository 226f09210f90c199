import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { Today } from './Today.tsx';

const answer = await bridge.today(null);
if (answer.ok) render(<Today bridge={bridge} first={answer.value} />, document.body);
