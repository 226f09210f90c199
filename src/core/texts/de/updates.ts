import type { UPDATES } from '../en/updates.ts';

/** The texts of updates. */
export const UPDATES_DE = {
  'update.title': 'Updates',
  'update.menu.look': 'Nach Updates suchen …',
  'update.menu.checking': 'Es wird nach Updates gesucht …',
  'update.menu.install': 'Auf {version} aktualisieren',
  'update.menu.downloading': 'Version {version} wird geladen …',
  'update.menu.restart': 'Neu starten, um auf {version} zu aktualisieren',
  'update.menu.installing': 'Wird auf {version} aktualisiert …',
  'update.menu.later': 'Wird nach dem Termin auf {version} aktualisiert',
  'update.notice.available.title': 'HipStatus {version} ist da',
  'update.notice.available.body': 'Hier klicken, um zu sehen, was neu ist, und um zu aktualisieren.',
  'update.notice.ready.title': 'HipStatus {version} ist bereit',
  'update.notice.ready.body': 'Hier klicken, um zu sehen, was neu ist, und um neu zu starten.',
  'update.notice.none.title': 'HipStatus ist aktuell',
  'update.notice.failed.title': 'Die Suche nach Updates ist nicht gelungen',
  'update.running': 'Installiert ist Version {version}.',
  'update.off.noFeed':
    'Es ist nicht angegeben, wo es neue Versionen gibt. Darum wird nicht danach gesucht. Die Organisation kann einen Ort angeben.',
  'update.off.mode': 'Nach neuen Versionen wird nicht gesucht.',
  'update.off.unsupported': 'Diese Installation wird von denen aktualisiert, die sie eingerichtet haben.',
  'update.idle': 'HipStatus ist aktuell. Zuletzt nachgesehen: {time}.',
  'update.never': 'Nach neuen Versionen wurde noch nicht gesucht.',
  'update.checking': 'Es wird nach neuen Versionen gesucht …',
  'update.available': 'Version {version} ist da.',
  'update.downloading': 'Version {version} wird geladen: {percent}.',
  'update.ready': 'Version {version} ist bereit. Ein Neustart von wenigen Sekunden installiert sie.',
  'update.waits.meeting': 'Version {version} ist bereit. Sie wird nach dem Termin installiert.',
  'update.waits.quiet':
    'Version {version} ist bereit. Sie wird installiert, wenn kein Fenster von HipStatus offen ist.',
  'update.installing': 'HipStatus startet mit Version {version} neu …',
  'update.notes': 'Neu in {version}',
  'update.noNotes': 'Was neu ist, wurde nicht angegeben.',
  'update.look': 'Jetzt nachsehen',
  'update.again': 'Noch einmal versuchen',
  'update.install': 'Auf {version} aktualisieren',
  'update.restart': 'Jetzt neu starten',
  'update.mode': 'Neue Versionen',
  'update.mode.off': 'Nicht danach suchen',
  'update.mode.notify': 'Melden und nachfragen',
  'update.mode.install': 'Von selbst installieren, nie während eines Termins',
  'update.channel': 'Welche Versionen',
  'update.channel.stable': 'Fertige Versionen',
  'update.channel.beta': 'Auch Versionen zum Ausprobieren',
  'update.locked': 'Von der Organisation festgelegt',
  'update.failed.noFeedFile':
    'An der Adresse, die die Organisation angegeben hat, gibt es keine Liste der Versionen für dieses System. Bitte die Administratoren informieren.',
  'update.failed.feed': 'Die Liste der Versionen ist nicht zu verstehen. Bitte die Administratoren informieren.',
  'update.failed.checksum':
    'Was geladen wurde, ist nicht das, was die Liste der Versionen verspricht. Darum wird es nicht installiert. Wenn das so bleibt, bitte die Administratoren informieren.',
  'update.failed.signature':
    'Was geladen wurde, ist nicht von den Herstellern von HipStatus signiert. Darum wird es nicht installiert. Bitte die Administratoren informieren.',
  'update.failed.insecure':
    'Die Liste der Versionen führt zu einer Adresse ohne https. Darum wird nichts geladen. Bitte die Administratoren informieren.',
  'update.failed.stalled': 'Die neue Version kam nicht rechtzeitig an. Es wird von selbst noch einmal versucht.',
  'update.failed.notInstalled':
    'Version {version} konnte nicht eingesetzt werden; die bisherige läuft weiter. Bitte noch einmal versuchen oder von Hand installieren.',
  'update.failed.diskFull':
    'Der Datenträger ist voll, für die neue Version ist kein Platz. Bitte Platz schaffen und noch einmal versuchen.',
  'update.failed.noAccess':
    'HipStatus darf dort nicht schreiben, wo die neue Version liegen muss. Bitte die Ordner für sich beschreibbar machen.',
  'update.failed.network':
    'Der Ort der neuen Versionen ist nicht zu erreichen. Es wird von selbst noch einmal versucht; „Verbindungen prüfen“ sagt mehr.',
  'update.failed.refused':
    'Der Ort der neuen Versionen lässt HipStatus nicht ein. Bitte die Administratoren informieren.',
  'update.failed.other': 'Nach neuen Versionen konnte nicht gesucht werden. Es wird von selbst noch einmal versucht.',
} as const satisfies Record<keyof typeof UPDATES, string>;
