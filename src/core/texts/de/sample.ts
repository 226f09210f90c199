import type { SAMPLE } from '../en/sample.ts';

/** The texts of the sample data. */
export const SAMPLE_DE: Readonly<Record<keyof typeof SAMPLE, string>> = {
  'sample.headline': 'Beispieldaten',
  'sample.banner': 'Beispieldaten: Alles hier ist erfunden. Eigene Konten und Einstellungen bleiben unberührt.',
  'sample.tooltip': 'HipStatus mit Beispieldaten: {line}',
  'sample.title': '{title} – Beispieldaten',
  'sample.end': 'Beispieldaten beenden',
  'sample.locked': '{label} (Beispieldaten)',
  'sample.set': 'Von den Beispieldaten vorgegeben.',
  'sample.calendar': 'Beispielkalender',
  'sample.event.soon': 'Kurze Frage zur Einführung',
  'sample.event.birthday': 'Geburtstag von Mia',
  'sample.event.standup': 'Stand-up',
  'sample.event.writing': 'Zeit zum Schreiben',
  'sample.event.webinar': 'Webinar',
  'sample.event.planning': 'Planung für das nächste Quartal',
  'sample.event.interview': 'Vorstellungsgespräch: Design',
  'sample.event.lunch': 'Mittagspause',
  'sample.event.oneToOne': 'Zweiergespräch mit Noah',
  'sample.event.demo': 'Vorführung für Kunden, vielleicht',
  'sample.event.dentist': 'Zahnarzt',
  'sample.event.handover': 'Übergabe',
};
