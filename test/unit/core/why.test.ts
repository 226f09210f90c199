import { describe, expect, it } from 'vitest';
import { eventKey } from '../../../src/core/calendarEvent.ts';
import { spansOf } from '../../../src/core/day.ts';
import { layerSettings } from '../../../src/core/settings.ts';
import { LANGUAGES, speechOf } from '../../../src/core/texts.ts';
import { type Why, whyNow } from '../../../src/core/why.ts';
import { whySentence } from '../../../src/core/whyWords.ts';
import { at, meeting } from '../../fakes/events.ts';

const NOW = at('10:15');

/** What decides at 10:15. */
function decides(events = [meeting('10:00', '11:00')], more: object = {}, isWhole = true): Why {
  const { settings } = layerSettings(more);
  const spans = spansOf(events, settings, 'UTC');
  return whyNow(settings, { spans, now: NOW, on: events.map(eventKey), isWhole });
}

const KINDS: readonly (readonly [Why['kind'], Why])[] = [
  ['meeting', decides()],
  ['meetings', decides([meeting('10:00', '11:00'), meeting('10:30', '12:00')])],
  ['outOfOffice', decides([meeting('10:00', '11:00', { showAs: 'oof' })])],
  ['busy', decides([], { overrides: { busy: { from: '2026-01-05T10:00:00Z', until: '2026-01-05T10:30:00Z' } } })],
  ['paused', decides([meeting('10:00', '11:00')], { pausedUntil: '2026-01-05T12:00:00Z' })],
  ['paused', decides([], { pausedUntil: 'forever' })],
  ['nothing', decides([meeting('11:00', '12:00')])],
  ['nothing', decides([])],
  ['unknown', decides([], {}, false)],
  ['notFor', silenced()],
];

function silenced(): Why {
  const event = meeting('10:00', '11:00');
  return decides([event], { overrides: { notFor: [{ event: eventKey(event), until: '2026-01-05T11:00:00Z' }] } });
}

describe('whyNow', () => {
  it.each(KINDS)('knows what decides: %s', (kind, why) => {
    expect(why.kind).toBe(kind);
    expect(why.state === null).toBe(['paused', 'nothing', 'unknown', 'notFor'].includes(kind));
  });

  it('says until when, what comes next and of how many events it is made', () => {
    expect(decides([meeting('10:00', '11:00'), meeting('10:30', '12:00'), meeting('14:00', '15:00')])).toEqual({
      kind: 'meetings',
      state: 'dnd',
      until: at('12:00'),
      next: at('14:00'),
      events: 2,
    });
  });

  it.each(LANGUAGES)('is put into a sentence: %s', (language) => {
    const speech = speechOf(language, { languages: [], region: '' }, {});
    const said = KINDS.map(([, why]) => whySentence(why, speech, () => 'THEN'));
    for (const sentence of said) expect(sentence).toMatch(/^[^{}]+\.$/);
    expect(new Set(said).size).toBe(KINDS.length);
  });
});
