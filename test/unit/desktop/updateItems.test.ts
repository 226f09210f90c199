import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../../../src/core/texts.ts';
import type { UpdateState } from '../../../src/core/updateState.ts';
import { lookItems, updateItems } from '../../../src/desktop/main/updateItems.ts';

const version = '2.1.0';
const notes = [{ kind: 'text', text: 'New.' }] as const;
const failed = { kind: 'failed', code: 'network', reason: null } as const;

describe('the menu', () => {
  it.each<[UpdateState, string | null, string | null]>([
    [{ kind: 'off', why: 'noFeed' }, null, null],
    [{ kind: 'off', why: 'mode' }, null, null],
    [{ kind: 'idle', lookedAt: null }, null, 'Look for updates…'],
    [{ kind: 'checking' }, null, '(Looking for updates…)'],
    [{ kind: 'available', version, notes }, 'Update to 2.1.0', 'Look for updates…'],
    [{ kind: 'downloading', version, notes, percent: 7 }, '(Loading version 2.1.0…)', '(Looking for updates…)'],
    [{ kind: 'ready', version, notes, waitsFor: null }, 'Restart to update to 2.1.0', 'Look for updates…'],
    [{ kind: 'ready', version, notes, waitsFor: 'quiet' }, 'Restart to update to 2.1.0', 'Look for updates…'],
    [
      { kind: 'ready', version, notes, waitsFor: 'meeting' },
      '(Updates to 2.1.0 after the meeting)',
      'Look for updates…',
    ],
    [{ kind: 'installing', version }, '(Updating to 2.1.0…)', '(Looking for updates…)'],
    [{ ...failed, version: null }, null, 'Look for updates…'],
    [{ ...failed, version }, 'Update to 2.1.0', 'Look for updates…'],
    [{ ...failed, reason: 'notInstalled', version }, null, 'Look for updates…'],
  ])('%j', (state, wantedItem, wantedLook) => {
    const shown = (items: ReturnType<typeof updateItems>) =>
      items.map((item) => {
        if (item.type === 'info') return `(${item.label})`;
        if (item.type !== 'command') return item.type;
        return item.enabled ? item.label : `(${item.label})`;
      })[0] ?? null;
    expect([shown(updateItems(state, ENGLISH)), shown(lookItems(state, ENGLISH))]).toEqual([wantedItem, wantedLook]);
  });
});
