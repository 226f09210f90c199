import { calendarContract } from './calendar-contract.ts';
import { fakeWorld } from './calendar-worlds.ts';

calendarContract('fake', fakeWorld);
