import { calendarContract } from './calendar-contract.ts';
import { googleWorld } from './google-world.ts';

calendarContract('Google Calendar', googleWorld);
