import { describe, expect, it } from 'vitest';
import { defectFields, wantsDebug } from '../../../src/desktop/main/lifecycle.ts';

describe('debug', () => {
  it.each([
    [['--debug'], true],
    [['.', '1'], true],
    [['--', '--debug'], true],
    [['.'], false],
    [['11'], false],
  ])('is asked for by %j: %s', (args, wanted) => {
    expect(wantsDebug(args)).toBe(wanted);
  });
});

describe('what is logged of a defect', () => {
  it('is where, not what', () => {
    const fields = defectFields(new TypeError('token abc\nsecond line of it'));
    expect(fields.name).toBe('TypeError');
    expect(fields.stack).toMatch(/^\s+at /);
    expect(JSON.stringify(fields)).not.toMatch(/abc|second line/);
  });

  it('is little for what is no error', () => {
    expect(defectFields('a token')).toEqual({ name: 'string', stack: '' });
  });
});
