import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nothingSaid, type PersonRecord, shownOf } from '../../../src/hub/model.ts';
import { Roster } from '../../../src/hub/roster.ts';

const idOf = (n: number): string => String(n).padStart(26, '0');

function record(n: number, event: number, more: { email?: string; dnd?: boolean } = {}): PersonRecord {
  return {
    person: {
      id: idOf(n),
      email: more.email ?? `p${n}@example.com`,
      name: '',
      identities: [{ service: 'slack', id: `U${n}` }],
    },
    said: { ...nothingSaid(0), state: more.dnd === true ? 'dnd' : 'available' },
    day: [],
    reporting: true,
    reportedUntil: 1,
    event,
  };
}

const change = fc.record({
  n: fc.nat(12),
  event: fc.nat(60),
  kind: fc.constantFrom('presence', 'person', 'removed'),
  dnd: fc.boolean(),
});

describe('the roster', () => {
  it('holds the newest of everybody, in the order of their ids, whatever the order of the news', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        const roster = new Roster();
        const model = new Map<string, PersonRecord>();
        for (const { n, event, kind, dnd } of changes) {
          const fresh = record(n, event, { dnd });
          const known = model.get(idOf(n));
          const isNews = known === undefined ? kind !== 'removed' : known.event < event;
          expect(roster.apply({ kind: kind as 'presence', record: fresh })).toBe(isNews);
          if (isNews && kind === 'removed') model.delete(idOf(n));
          else if (isNews) model.set(idOf(n), fresh);
        }
        const wanted = [...model.values()].toSorted((a, b) => (a.person.id < b.person.id ? -1 : 1));
        expect(roster.size).toBe(wanted.length);
        expect(roster.slice(0, 100)).toEqual(wanted);
        const dnd = wanted.filter((one) => shownOf(one).state === 'dnd');
        expect(roster.page({ after: '', limit: 100, state: 'dnd' }).items).toEqual(dnd);
        expect(roster.counts()).toMatchObject({ dnd: dnd.length, available: wanted.length - dnd.length });
        for (let n = 0; n <= 12; n += 1) {
          const one = model.get(idOf(n));
          expect(roster.byEmail(`p${n}@example.com`)).toBe(one);
          expect(roster.byIdentity('slack', `U${n}`)).toBe(one);
          expect(roster.page({ after: idOf(n), limit: 3 }).items).toEqual(
            wanted.filter(({ person }) => person.id > idOf(n)).slice(0, 3),
          );
        }
      }),
    );
  });

  it('tells where something changed, and whether places have moved', () => {
    const roster = new Roster();
    const told: [number, boolean][] = [];
    roster.load([record(1, 1), record(3, 2)]);
    roster.onChange((index, moved) => told.push([index, moved]));
    roster.apply({ kind: 'presence', record: record(3, 3) });
    roster.apply({ kind: 'person', record: record(2, 4) });
    roster.apply({ kind: 'presence', record: record(2, 4) });
    roster.apply({ kind: 'removed', record: record(1, 5) });
    expect(told).toEqual([
      [1, false],
      [1, true],
      [0, true],
    ]);
  });

  it('says that there is more only while there is', () => {
    const roster = new Roster();
    roster.load([1, 2, 3, 4].map((n) => record(n, n, { dnd: n < 4 })));
    expect(roster.page({ after: '', limit: 2 }).next).toBe(idOf(2));
    expect(roster.page({ after: idOf(2), limit: 2 }).next).toBeNull();
    expect(roster.page({ after: idOf(1), limit: 2, state: 'dnd' }).items.length).toBe(2);
    expect(roster.page({ after: idOf(9), limit: 2 })).toEqual({ items: [], next: null });
  });

  it('finds a person by the email they have now', () => {
    const roster = new Roster();
    roster.load([record(1, 1), record(2, 2)]);
    roster.apply({ kind: 'person', record: record(1, 3, { email: 'new@example.com' }) });
    expect(roster.byEmail('p1@example.com')).toBeUndefined();
    expect(roster.byEmail('new@example.com')?.person.id).toBe(idOf(1));
  });
});
