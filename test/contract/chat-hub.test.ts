import { chatContract } from './chat-contract.ts';
import { openHub } from './hub-world.ts';

chatContract('HipStatus hub', openHub);
