// Every setting has a name in words, for those who read what their organisation has set.
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { SETTING_NAMES } from '../../../src/core/texts/en/settingNames.ts';
import { WEEKDAYS } from '../../../src/core/workingHours.ts';

function pathsIn(value: unknown, prefix = ''): readonly string[] {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
  const inner = isGroup ? Object.entries(value) : [];
  if (inner.length === 0) return [prefix];
  return inner.flatMap(([key, one]) => pathsIn(one, prefix === '' ? key : `${prefix}.${key}`));
}

describe('the names of the settings', () => {
  it('are those of all settings, and no others', () => {
    const days = WEEKDAYS.map((day) => `rules.workingHours.${day}`);
    const paths = [...pathsIn(DEFAULT_SETTINGS), ...days].map((path) => `setting.${path}`);
    expect(Object.keys(SETTING_NAMES).sort()).toEqual(paths.sort());
  });
});
