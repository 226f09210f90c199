import { render } from 'preact';
import { bridge } from '../ui/bridge.ts';
import { Checks } from './Checks.tsx';

const answer = await bridge.checks(null);
if (answer.ok) render(<Checks bridge={bridge} first={answer.value} />, document.body);
