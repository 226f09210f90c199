import { createHash } from 'node:crypto';
import type { EventInput } from './graphEvents.ts';
import { zonedTime } from './graphTime.ts';

/** Somebody of the made-up organisation. All of it follows from seed and number, so that many cost nothing. */
export interface OrganisationPerson {
  id: string;
  address: string;
  name: string;
  /** Of the mailbox, Windows or IANA name. */
  zone: string;
}

const DAY = 86_400_000;
const FIRST = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'John', 'Katherine', 'Margaret', 'Niklaus'];
const LAST = ['Allen', 'Dijkstra', 'Hamilton', 'Hopper', 'Johnson', 'Liskov', 'Lovelace', 'Turing', 'Wirth', 'Backus'];
const ZONES = ['W. Europe Standard Time', 'Eastern Standard Time', 'Europe/London', 'UTC', 'India Standard Time'];

/** Numbers in [0, 1), the same ones for the same text. */
function chances(text: string): () => number {
  let bytes = createHash('sha256').update(text).digest();
  let place = 0;
  return () => {
    if (place + 4 > bytes.length) {
      bytes = createHash('sha256').update(bytes).digest();
      place = 0;
    }
    const number = bytes.readUInt32BE(place) / 2 ** 32;
    place += 4;
    return number;
  };
}

const oneOf = <T>(items: readonly T[], chance: number): T => items[Math.floor(chance * items.length)] as T;

const ID = /^0a11ce00-0000-4000-8000-([0-9a-f]{12})$/;

/** The people of an organisation by number, and their calendars by day. */
export class OrganisationPeople {
  readonly domain: string;
  readonly #seed: number;
  readonly #address: RegExp;

  constructor(domain: string, seed: number) {
    this.domain = domain;
    this.#seed = seed;
    this.#address = new RegExp(`^person(\\d+)@${domain.replaceAll('.', '\\.')}$`);
  }

  person(number: number): OrganisationPerson {
    const chance = chances(`${this.#seed} person ${number}`);
    return {
      id: `0a11ce00-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
      address: `person${number}@${this.domain}`,
      name: `${oneOf(FIRST, chance())} ${oneOf(LAST, chance())}`,
      zone: oneOf(ZONES, chance()),
    };
  }

  /** Whose id or address it is; null for no such one. */
  numberOf(asked: string): number | null {
    const id = ID.exec(asked);
    if (id !== null) return Number.parseInt(id[1] ?? '', 16);
    const address = this.#address.exec(asked.toLowerCase());
    return address === null ? null : Number(address[1]);
  }

  /** What begins on the dates (UTC) that touch the window: on a working day three to six meetings, now and then a day off. */
  events(number: number, start: number, end: number): EventInput[] {
    const { zone } = this.person(number);
    const found: EventInput[] = [];
    for (let day = Math.floor(start / DAY) - 1; day * DAY < end; day++) {
      const date = new Date(day * DAY).toISOString().slice(0, 10);
      const weekday = new Date(day * DAY).getUTCDay();
      if (weekday === 0 || weekday === 6) continue;
      const chance = chances(`${this.#seed} day ${number} ${date}`);
      const at = (time: string, of = date) => new Date(zonedTime(`${of}T${time}:00.000`, zone));
      if (chance() < 0.03) {
        const next = new Date((day + 1) * DAY).toISOString().slice(0, 10);
        found.push({
          ...meeting(`${number}-${date}-off`, chance()),
          start: at('00:00'),
          end: at('00:00', next),
          isAllDay: true,
          showAs: 'oof',
        });
        continue;
      }
      const count = 3 + Math.floor(chance() * 4);
      for (let item = 0; item < count; item++) {
        const minute = 8 * 60 + Math.floor(chance() * 18) * 30;
        const begin = at(clock(minute));
        const length = oneOf([30, 30, 60, 60, 90], chance()) * 60_000;
        const made = meeting(`${number}-${date}-${item}`, chance());
        found.push({ ...made, start: begin, end: new Date(begin.getTime() + length) });
      }
    }
    return found;
  }
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** What a meeting counts as, by chance; its subject is somebody's secret. */
function meeting(id: string, chance: number): Omit<EventInput, 'start' | 'end'> {
  const showAs = chance < 0.75 ? 'busy' : chance < 0.85 ? 'tentative' : chance < 0.97 ? 'free' : 'oof';
  return {
    id,
    subject: `Secret plan ${id}`,
    location: `Hidden room ${id}`,
    showAs,
    responseStatus: chance > 0.7 && chance < 0.75 ? 'declined' : 'accepted',
    attendees: [{ email: 'grace@contoso.example' }],
  };
}
