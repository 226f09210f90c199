import { describe, expect, it } from 'vitest';
import { syncText } from '../../../../src/hub/page/syncText.ts';

const words = { number: (value: number) => new Intl.NumberFormat('en').format(value) };
const sync = { at: '', people: 12_000, stale: 0, waiting: 4, lagSeconds: 3 };

describe('the line of organisation sync', () => {
  it('says that all is up to date while nobody waits for long', () => {
    expect(syncText(sync, words)).toBe('Calendars: 12,000 read by the hub · all up to date');
  });

  it('says who waits and for how long, and whose calendar can not be read', () => {
    expect(syncText({ ...sync, lagSeconds: 61, waiting: 1_200, stale: 7 }, words)).toBe(
      'Calendars: 12,000 read by the hub · 1,200 waiting, up to 2 min late · 7 can’t be read now',
    );
  });
});
