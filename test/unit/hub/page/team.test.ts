import { describe, expect, it } from 'vitest';
import { countStates, search, Team } from '../../../../src/hub/page/team.ts';
import { changeOf, presenceOf } from './people.ts';

const names = (team: Team) => team.people.map(({ person }) => person.name);

function loaded(...presences: readonly ReturnType<typeof presenceOf>[]): Team {
  const team = new Team();
  team.beginLoad();
  team.addLoaded(presences);
  team.finishLoad();
  return team;
}

describe('the team', () => {
  it('is in the order of the names, with accents and numbers where people look for them', () => {
    const team = loaded(
      presenceOf('Zoe', 1),
      presenceOf('Room 10', 2),
      presenceOf('Émile', 3),
      presenceOf('Room 9', 4),
    );
    expect(names(team)).toEqual(['Émile', 'Room 9', 'Room 10', 'Zoe']);
  });

  it('takes what is newer, whichever comes first: the list or a change', () => {
    const team = new Team();
    team.beginLoad();
    team.apply(changeOf(presenceOf('Ada', 7, { state: 'dnd' })));
    team.addLoaded([presenceOf('Ada', 5, { state: 'busy' }), presenceOf('Bob', 6)]);
    team.finishLoad();
    team.apply(changeOf(presenceOf('Bob', 4, { state: 'away' })));
    expect(team.people.map(({ state }) => state)).toEqual(['dnd', 'available']);
  });

  it('keeps out who was removed while the list was read', () => {
    const team = new Team();
    team.beginLoad();
    team.apply(changeOf(presenceOf('Ada', 7), 'removed'));
    team.addLoaded([presenceOf('Ada', 5)]);
    team.finishLoad();
    expect(team.people).toEqual([]);
  });

  it('goes on showing what it has until everything has been read anew, and then nothing else', () => {
    const team = loaded(presenceOf('Ada', 70), presenceOf('Bob', 71));
    team.beginLoad();
    // An older copy of the store came back: its numbers are lower.
    team.addLoaded([presenceOf('Ada', 3, { state: 'busy' })]);
    expect(names(team)).toEqual(['Ada', 'Bob']);
    team.finishLoad();
    expect(team.people).toEqual([presenceOf('Ada', 3, { state: 'busy' })]);
    team.finishLoad();
    expect(names(team)).toEqual(['Ada']);
  });

  it('is in order again after somebody came, changed name or went', () => {
    const team = loaded(presenceOf('Ada', 1), presenceOf('Cleo', 2));
    team.apply(changeOf(presenceOf('Bob', 3)));
    expect(names(team)).toEqual(['Ada', 'Bob', 'Cleo']);
    const { person } = presenceOf('Ada', 4);
    team.apply(changeOf(presenceOf('Ada', 4, { person: { ...person, name: 'Zoe' } }), 'person'));
    team.apply(changeOf(presenceOf('Bob', 5, { state: 'dnd' })));
    expect(names(team)).toEqual(['Bob', 'Cleo', 'Zoe']);
    team.apply(changeOf(presenceOf('Bob', 6), 'removed'));
    expect(names(team)).toEqual(['Cleo', 'Zoe']);
  });

  it('gives the same list while nothing changes, so that nothing is drawn again', () => {
    const team = loaded(presenceOf('Ada', 7));
    const { people } = team;
    team.apply(changeOf(presenceOf('Ada', 6, { state: 'dnd' })));
    expect(team.people).toBe(people);
    team.apply(changeOf(presenceOf('Ada', 8, { state: 'dnd' })));
    expect(team.people).not.toBe(people);
  });
});

describe('search', () => {
  const people = [presenceOf('José Ñandú', 1), presenceOf('Ada', 2), presenceOf('', 3)];

  it.each([
    ['jose', 1],
    ['  NAN  jos ', 1],
    ['ada@example', 1],
    ['example.com', 3],
    ['', 3],
    ['ada jose', 0],
  ])('finds by "%s"', (query, count) => {
    expect(search(people, query)).toHaveLength(count);
  });
});

it('counts every state', () => {
  const people = [presenceOf('A', 1), presenceOf('B', 2, { state: 'dnd' }), presenceOf('C', 3, { state: 'dnd' })];
  expect(countStates(people)).toEqual({ available: 1, busy: 0, dnd: 2, away: 0, offline: 0 });
});
