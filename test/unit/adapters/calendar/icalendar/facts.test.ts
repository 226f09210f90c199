import { describe, expect, it } from 'vitest';
import { event, file, first, PLAIN } from './files.ts';

describe('what an event says besides its time', () => {
  const facts = (...lines: string[]) => first(file(event(...PLAIN, ...lines)));

  it.each([
    ['nothing', [], 'busy'],
    ['TRANSP:TRANSPARENT', ['TRANSP:TRANSPARENT'], 'free'],
    ['STATUS:TENTATIVE', ['STATUS:TENTATIVE'], 'tentative'],
    ['OOF over TRANSP', ['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'oof'],
    ['WORKINGELSEWHERE', ['X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'], 'workingElsewhere'],
    ['FREE', ['X-MICROSOFT-CDO-BUSYSTATUS:FREE'], 'free'],
    ['TENTATIVE', ['X-MICROSOFT-CDO-BUSYSTATUS:tentative'], 'tentative'],
    ['an unknown word', ['X-MICROSOFT-CDO-BUSYSTATUS:SLEEPING'], 'busy'],
  ])('showAs from %s', (_name, lines, expected) => {
    expect(facts(...lines).showAs).toBe(expected);
  });

  it.each([
    ['PUBLIC', 'normal'],
    ['PRIVATE', 'private'],
    ['CONFIDENTIAL', 'confidential'],
    ['X-SECRET', 'private'],
  ])('28: CLASS:%s', (word, expected) => {
    expect(facts(`CLASS:${word}`).sensitivity).toBe(expected);
  });

  it('cancelled: the event, or the whole file', () => {
    expect(facts('STATUS:CANCELLED').isCancelled).toBe(true);
    expect(first(file('METHOD:CANCEL', event(...PLAIN))).isCancelled).toBe(true);
    expect(first(file('METHOD:PUBLISH', event(...PLAIN))).isCancelled).toBe(false);
  });

  it('subject, location, categories, escapes and folded lines', () => {
    const folded = 'SUMMARY:Planning\\, with a very long name that is folded right here in\r\n  the middle \u{1F4C5}';
    expect(
      facts(folded, 'LOCATION:Room 4\\, 2nd floor', 'CATEGORIES:Red\\, dark,Blue', 'CATEGORIES:Green'),
    ).toMatchObject({
      subject: 'Planning, with a very long name that is folded right here in the middle \u{1F4C5}',
      location: 'Room 4, 2nd floor',
      categories: ['Red, dark', 'Blue', 'Green'],
    });
  });

  const people = [
    'ORGANIZER:mailto:Grace@x.example',
    'ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:grace@x.example',
    'ATTENDEE;PARTSTAT=DECLINED:mailto:ada@x.example',
    'ATTENDEE;CUTYPE=ROOM:mailto:room@x.example',
  ];

  it('25: people, and what the owner answered where they are known', () => {
    const text = file(event(...PLAIN, ...people));
    expect(first(text, { username: 'Ada@x.example' })).toMatchObject({ responseStatus: 'declined', otherAttendees: 1 });
    expect(first(text, { username: 'grace@x.example' })).toMatchObject({
      responseStatus: 'organizer',
      otherAttendees: 1,
    });
    expect(first(text)).toMatchObject({ responseStatus: 'none', otherAttendees: 1 });
    expect(first(file('X-WR-CALNAME:ada@x.example', event(...PLAIN, ...people)))).toMatchObject({
      responseStatus: 'declined',
    });
    expect(facts()).toMatchObject({ responseStatus: 'none', otherAttendees: 0 });
  });
});
