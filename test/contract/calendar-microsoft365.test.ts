import { calendarContract } from './calendar-contract.ts';
import { microsoft365World } from './calendar-worlds.ts';

calendarContract('Microsoft 365', microsoft365World);
