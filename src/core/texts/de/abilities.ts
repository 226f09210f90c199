import type { ABILITIES } from '../en/abilities.ts';

/** What HipStatus can do in a chat or calendar, and what not: after "HipStatus kann:" and "Nicht möglich:". */
export const ABILITIES_DE = {
  'ability.states': 'Sie auf {states} stellen',
  'ability.text': 'einen Statustext mit bis zu {limit} Zeichen zeigen',
  'ability.textWithEmoji': 'einen Statustext mit bis zu {limit} Zeichen und einem Emoji zeigen',
  'ability.anyText': 'einen Statustext zeigen',
  'ability.emoji': 'ein Emoji beim Statustext zeigen',
  'ability.textEnds': 'den Statustext vom Dienst selbst beenden lassen, auch wenn dieser Computer aus ist',
  'ability.noTextEnd':
    'den Statustext vom Dienst selbst beenden lassen: HipStatus nimmt ihn zurück und muss dafür laufen',
  'ability.stateEnds': 'den Zustand vom Dienst selbst beenden lassen',
  'ability.timeZone': 'die Zeitzone Ihres Profils richtig halten',
  'ability.calendar': 'sehen, wann Sie in einem Termin, außer Haus oder frei sind',
  'ability.noChange': 'etwas in Ihrem Kalender ändern',
} as const satisfies Record<keyof typeof ABILITIES, string>;
