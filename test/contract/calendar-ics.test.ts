import { calendarContract } from './calendar-contract.ts';
import { icsWorld } from './calendar-worlds.ts';

calendarContract('published ICS', icsWorld);
