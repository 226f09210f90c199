import type { NOTICES } from '../en/notices.ts';

/** The texts of notifications. */
export const NOTICES_DE = {
  'notice.dnd.title': 'Sie sind jetzt auf „Nicht stören“ gestellt',
  'notice.away.title': 'Sie sind jetzt „Abwesend“',
  'notice.busy.title': 'Sie sind jetzt „Beschäftigt“',
  'notice.available.title': 'Sie sind jetzt „Verfügbar“',
  'notice.text.title': 'Ihr Statustext ist gesetzt',
  'notice.restored.title': 'Ihr eigener Status ist zurück',
  'notice.status.body': 'Ihr Status in {chats} wurde aktualisiert.',
  'notice.chatAuth.title': 'Anmeldung bei {chat} fehlgeschlagen',
  'notice.chatAuth.body': 'Mit Ihrem Token für {chat} stimmt vermutlich etwas nicht. Zum Erneuern hier klicken.',
  'notice.calendarAuth.title': 'Anmeldung bei {calendar} fehlgeschlagen',
  'notice.calendarAuth.body': 'HipStatus kann Ihren Kalender nicht mehr lesen. Zum erneuten Anmelden hier klicken.',
  'notice.refused.body': '{message} Zum Ändern hier klicken.',
  'notice.forOthers.title': 'HipStatus kann in {service} zurzeit nichts tun',
  'notice.forOthers.body': '{message}',
  'notice.userNotFound.title': '{chat} kennt Sie nicht',
  'notice.userNotFound.body': 'Ihre gespeicherte E-Mail-Adresse ist in {chat} nicht bekannt. Zum Ändern hier klicken.',
  'notice.service.title': 'Mit {service} scheint etwas nicht zu stimmen',
  'notice.service.body':
    'Die Störung liegt bei {service}. Wenn sie anhält, hier klicken, um den Helpdesk zu erreichen.',
  'notice.service.log':
    'Die Störung liegt bei {service}. Es wird von selbst erneut versucht. Für das Protokoll hier klicken.',
  'notice.keychain.title': 'HipStatus kann Ihren Schlüsselbund nicht verwenden',
  'notice.keychain.body': '{message}',
  'notice.disk.title': 'HipStatus kann nicht speichern, was es sich merken muss',
  'notice.disk.body': '{message}',
  'notice.settings.title': 'Einige Einstellungen konnten nicht gelesen werden',
  'notice.settings.body': '{message}',
  'notice.setup.title': 'HipStatus ist noch nicht eingerichtet',
  'notice.setup.body': 'Zum Fortfahren hier klicken.',
} as const satisfies Record<keyof typeof NOTICES, string>;
