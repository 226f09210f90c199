import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../src/core/templates.ts';

const none = { until: '11:00', subject: '', location: '' };
const fill = (template: string, marks: Partial<typeof none> = {}) => fillTemplate(template, { ...none, ...marks });

describe('a status text', () => {
  it('has its marks filled in', () => {
    const marks = { subject: 'Planning', location: 'Room 4' };
    expect(fill('{subject} in {location} until {until}', marks)).toBe('Planning in Room 4 until 11:00');
    expect(fill('Until {until}, yes {until} {other}')).toBe('Until 11:00, yes 11:00 {other}');
    expect(fill('  as it is :) ')).toBe('  as it is :) ');
  });

  it.each([
    ['In a meeting: {subject}', 'In a meeting'],
    ['In a meeting – {subject}', 'In a meeting'],
    ['{subject} ({until})', '(11:00)'],
    ['{subject}, until {until}', 'until 11:00'],
    ['In a meeting ({subject})', 'In a meeting'],
    ['In a meeting ({subject}, {location})', 'In a meeting'],
    ['In a meeting "{subject}" until {until}', 'In a meeting until 11:00'],
    ['In a meeting ({location}, {until})', 'In a meeting (11:00)'],
    ['In a meeting ({until}, {location})', 'In a meeting (11:00)'],
    ['In a meeting: {subject} – {location} ({until})', 'In a meeting (11:00)'],
    ['In a meeting – {subject} – {until}', 'In a meeting – 11:00'],
    ['In a meeting {subject} until {until}', 'In a meeting until 11:00'],
    ['In a meeting: {subject}.', 'In a meeting.'],
    ['In a meeting 📍 {location}', 'In a meeting'],
    ['In a meeting :round_pushpin: {location}', 'In a meeting'],
    [':calendar: {subject} | busy', 'busy'],
    ['{location}: busy', 'busy'],
    ['{subject}', ''],
    ['📅 {subject} – {location}', ''],
  ])('%j without subject and location is %j', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });

  it.each([
    ['{subject} – {location}', { subject: 'Planning' }, 'Planning'],
    ['{subject} – {location}', { location: 'Room 4' }, 'Room 4'],
    ['Busy ({subject}, {location})', { location: 'Room 4' }, 'Busy (Room 4)'],
    ['Busy ({subject}, {location})', { subject: 'Planning' }, 'Busy (Planning)'],
    ['Busy: {subject} 📍{location}', { subject: 'Planning' }, 'Busy: Planning'],
  ])('%j with only %j', (template, marks, expected) => {
    expect(fill(template, marks)).toBe(expected);
  });

  it('takes what is filled in as it is, in one line', () => {
    expect(fill('{subject}', { subject: '{until} {location} $& {subject}' })).toBe('{until} {location} $& {subject}');
    expect(fill('{subject}', { subject: ' Two\r\nlines\t\u202Eand \u0007more ' })).toBe('Two lines and more');
    expect(fill('{subject}', { subject: '👩‍💻 café' })).toBe('👩‍💻 café');
    expect(fill('Busy: {subject}', { subject: ' \n ' })).toBe('Busy');
  });

  it('never has a separator left over at an end, whatever the template', () => {
    const piece = fc.constantFrom('Busy', ' ', ': ', ' – ', ' (', ')', ', ', '{subject}', '{location}', ' | ', '📍');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const template = pieces.join('');
        const filled = fill(template);
        expect(filled).not.toMatch(/[\uE000]|\{(subject|location)\}/);
        // The words of the template stay, in their order.
        expect(filled.match(/Busy/g)?.length).toBe(template.match(/Busy/g)?.length);
        if (/\{(subject|location)\}$/.test(template)) expect(filled).not.toMatch(/[:,|–📍\s]$/u);
        if (/^\{(subject|location)\}/.test(template)) expect(filled).not.toMatch(/^[:,|–📍\s]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('is quick with long ones', () => {
    const template = `${': '.repeat(200)}{subject}${' – {location}'.repeat(5)}`;
    expect(fill(template)).toBe('');
  });
});
