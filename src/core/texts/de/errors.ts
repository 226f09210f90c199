import type { ErrorTexts } from '../../errorWords.ts';

const ORGANISATION =
  'Die Regeln Ihrer Organisation lassen HipStatus bei {service} nicht zu. Bitte die Administration um die Freigabe bitten.';
const NOT_A_PERSON =
  'Dieses Token gehört keiner Person, und einen Status haben nur Personen. Bitte Ihr eigenes Token eingeben.';
const DEACTIVATED = 'Ihr Account bei {service} ist deaktiviert. Bitte an die Administration wenden.';
const NEW_TOKEN = 'Das Token wurde von {service} nicht angenommen. Bitte ein neues erzeugen und eingeben.';
const SIGN_IN_LATE = 'Die Anmeldung hat zu lange gedauert. Bitte neu beginnen.';

/** What errors say where German is spoken. `{service}` is a name, such as `Slack`. */
export const ERRORS_DE: ErrorTexts = {
  service: 'dem Dienst',
  setting: '{path}: Dieser Wert gilt so nicht und wird nicht verwendet.',
  settings: 'Ein Teil der Einstellungen gilt so nicht und wird nicht verwendet.',
  codes: {
    unauthorized: 'Die Anmeldung bei {service} wurde nicht angenommen. Bitte erneut anmelden oder das Token erneuern.',
    forbidden: 'Das ist bei {service} nicht erlaubt. Bitte die Administration um die Berechtigung bitten.',
    notFound: 'Diese Adresse ist bei {service} nicht bekannt. Bitte prüfen und korrigieren.',
    rateLimited: 'Von {service} kam die Bitte, seltener zu fragen. HipStatus wartet so lange wie verlangt.',
    serverError: 'Bei {service} ist eine Störung aufgetreten. HipStatus versucht es von selbst erneut.',
    unavailable: 'Zurzeit ist von {service} nichts zu bekommen. HipStatus versucht es von selbst erneut.',
    network: 'Die Verbindung zu {service} gelingt nicht. Bitte Netzwerkverbindung, Proxy und VPN prüfen.',
    timeout: 'Von {service} kam nicht rechtzeitig eine Antwort. HipStatus versucht es von selbst erneut.',
    badResponse:
      'Von {service} kam eine Antwort, die HipStatus nicht versteht. Wenn es so bleibt, bitte das Protokoll dem Helpdesk zeigen.',
    invalidInput: 'Die Angaben wurden von {service} nicht angenommen. Bitte prüfen und erneut versuchen.',
    locked: 'Der Schlüsselbund ist gesperrt oder nicht erreichbar. Bitte entsperren und erneut versuchen.',
    conflict: 'Bei {service} hat sich inzwischen etwas geändert. HipStatus sieht erneut nach.',
    cancelled: 'Das wurde abgebrochen. Es kann jederzeit neu begonnen werden.',
  },
  reasons: {
    diskFull: 'Die Festplatte ist voll: HipStatus kann nicht schreiben. Bitte Platz schaffen.',
    noAccess:
      'HipStatus darf eine seiner Dateien nicht verwenden. Bitte den Ordner von HipStatus für sich selbst lesbar und beschreibbar machen.',
    fileSystem: 'HipStatus kann eine seiner Dateien nicht verwenden. Bitte die Festplatte und den Ordner prüfen.',
    noKeychain:
      'HipStatus hat keinen Schlüsselbund gefunden. Bitte ab- und wieder anmelden; unter Linux GNOME-Schlüsselbund oder KWallet installieren und entsperren.',
    keychainRefused:
      'Ihr Schlüsselbund ist gesperrt oder hat HipStatus abgewiesen. Bitte entsperren, HipStatus dort erlauben und erneut versuchen.',
    keychainTimeout:
      'Ihr Schlüsselbund hat nicht geantwortet. Bitte nach seinem Dialog suchen, ihn beantworten und erneut versuchen.',
    settings: 'Die Einstellungsdatei ist kein gültiges JSON. Bitte korrigieren.',
    certificateFile:
      '{service}: Diese Zertifikatsdatei konnte nicht gelesen werden. Bitte die Datei oder organisation.trustedCertificateFiles korrigieren.',
    trustedCertificates:
      'Eine Datei aus organisation.trustedCertificateFiles enthält kein PEM-Zertifikat. Bitte die Einstellung prüfen.',
    noBrowser:
      'Ihr Browser konnte nicht geöffnet werden. Bitte einen Standardbrowser festlegen oder einen anderen Weg der Anmeldung wählen.',
    unexpected: 'Etwas Unerwartetes ist schiefgegangen. Bitte erneut versuchen; Einzelheiten stehen im Protokoll.',
    otherInstance: 'Ein anderes HipStatus läuft bereits. Bitte zuerst das andere beenden.',
    setByOrganisation:
      'Ihre Organisation hat die Accounts festgelegt; hier sind sie nicht änderbar. Bitte an die Administration wenden.',
    alreadyThere:
      'Davon gibt es nur einen, und er ist schon eingerichtet. Bitte den vorhandenen im Menü erneuern oder zuerst entfernen.',
    noAddress: '{service} findet Sie über Ihre E-Mail-Adresse. Bitte zuerst diese eintragen.',
    noAccount: 'Diesen Account gibt es nicht mehr. Bitte das Fenster schließen und im Menü neu beginnen.',
    noneChosen: 'Bitte mindestens einen Kalender auswählen.',
    noChoice: 'Bei {service} gibt es keine Kalender zur Auswahl. Bitte das Fenster schließen.',
    interactionRequired: 'Die gespeicherte Anmeldung bei {service} gilt nicht mehr. Bitte erneut anmelden.',
    notConfigured:
      'Die Verbindung zu {service} ist für HipStatus nicht oder nicht richtig eingerichtet. Bitte an die Administration wenden.',
    consentRequired:
      'Die Erlaubnis, die HipStatus bei {service} braucht, fehlt. Bitte erneut anmelden und zustimmen oder die Administration um die Freigabe bitten.',
    scopesMissing:
      'HipStatus wurde bei {service} nicht alles erlaubt, was es braucht. Bitte erneut anmelden und alle Kästchen angekreuzt lassen.',
    conditionalAccess:
      'Eine Regel Ihrer Organisation (Bedingter Zugriff) verhindert diese Anmeldung. Bitte auf einem verwalteten Gerät oder im Firmennetz versuchen oder die Administration fragen.',
    notAssigned: 'Ihre Organisation hat Ihnen HipStatus nicht zugewiesen. Bitte an die Administration wenden.',
    codeExpired: 'Der Code wurde nicht rechtzeitig eingegeben. Bitte die Anmeldung neu beginnen.',
    signInTimeout: SIGN_IN_LATE,
    portBusy:
      'Ein anderes Programm belegt den Anschluss, den die Anmeldung braucht. Bitte es beenden und die Anmeldung neu beginnen.',
    state: 'Das war nicht die Anmeldung, auf die HipStatus wartet. Bitte neu beginnen.',
    noSecret:
      'Zum Zugang bei {service} liegt nichts im Schlüsselbund. Bitte das Token, Passwort oder die Adresse eingeben.',
    tokenRefused: NEW_TOKEN,
    keyRefused:
      'E-Mail-Adresse oder API-Schlüssel wurden von {service} nicht angenommen. Bitte beides noch einmal eingeben.',
    passwordRefused: 'Benutzername oder Passwort wurden von {service} nicht angenommen. Bitte noch einmal eingeben.',
    password:
      'Benutzername oder Passwort wurden nicht angenommen. Bitte beides prüfen; iCloud und Nextcloud mit zweitem Faktor verlangen ein App-Passwort.',
    sessionEnded: 'Die Sitzung wurde immer wieder beendet. Bitte erneut anmelden oder ein Zugriffstoken verwenden.',
    mfaRequired:
      'Bei {service} wird ein zweiter Faktor verlangt. Bitte ihn dort einrichten oder ein persönliches Zugriffstoken statt des Passworts eingeben.',
    token_revoked: 'Das Token wurde von {service} zurückgenommen. Bitte ein neues eingeben.',
    token_expired: 'Das Token ist bei {service} abgelaufen. Bitte ein neues eingeben.',
    missing_scope:
      'Dem Token fehlt bei {service} eine Berechtigung. Bitte eines mit den nötigen Berechtigungen erzeugen und eingeben.',
    not_allowed_token_type: NOT_A_PERSON,
    user_is_bot: NOT_A_PERSON,
    isBot: 'Das ist der Schlüssel eines Bots, und der hat keinen Status. Bitte Ihren eigenen Schlüssel eingeben.',
    nobodysToken: 'Dieses Token gehört bei {service} zu niemandem. Bitte Ihr eigenes besorgen und eingeben.',
    accountInactive: DEACTIVATED,
    account_inactive: DEACTIVATED,
    accountLocked:
      'Nach zu vielen falschen Passwörtern ist Ihr Account bei {service} gesperrt. Bitte das Passwort zurücksetzen oder die Administration um die Freigabe bitten.',
    noPermission:
      'Ihr Account bei {service} darf seinen Status nicht ändern. Bitte die Administration um die Berechtigung bitten.',
    personalAccount:
      'Das geht nur mit einem Geschäfts- oder Schulkonto, nicht mit einem privaten. Bitte mit dem Geschäftskonto anmelden.',
    access_denied: ORGANISATION,
    accesslimited: ORGANISATION,
    ekm_access_denied: ORGANISATION,
    enterprise_is_restricted: ORGANISATION,
    team_access_not_granted: ORGANISATION,
    user_is_restricted: ORGANISATION,
    notAllowed: ORGANISATION,
    noTeams:
      'Für diesen Account gibt es bei {service} keine Präsenz. Bitte die Administration fragen, ob Teams für Sie eingeschaltet ist.',
    noChat:
      'Für diesen Account gibt es bei {service} keinen Status. Es muss ein Geschäftskonto sein, für das die Administration Google Chat eingeschaltet hat.',
    serviceDisabled: 'Die Schnittstelle von {service} ist ausgeschaltet. Bitte an die Administration wenden.',
    presenceDisabled: 'Der Status Ihres Accounts bei {service} ist ausgeschaltet. Bitte an die Administration wenden.',
    statusChangeOff: 'Bei {service} darf niemand seinen Status ändern. Bitte an die Administration wenden.',
    statusNotAllowed: 'Dieser Status ist bei {service} nicht erlaubt. Bitte die Administration fragen.',
    statusesOff: 'Dieser Server von {service} zeigt keinen Zustand. Bitte die Administration fragen.',
    customStatusOff:
      'Dieser Server von {service} hat Statustexte ausgeschaltet; HipStatus setzt dort nur den Zustand. Zu tun ist nichts.',
    serverTooOld:
      'Dieser Server von {service} ist zu alt, deshalb lässt HipStatus ihn in Ruhe. Bitte die Administration um ein Update bitten.',
    address: 'Mit dieser Adresse kann HipStatus nichts anfangen. Bitte prüfen und korrigieren.',
    badAddress:
      'Die Adresse muss mit https:// beginnen, im eigenen Netz auch mit http://, und darf kein Passwort enthalten. Bitte korrigieren.',
    otherSite:
      'Der Server verweist auf eine andere Website; dorthin wurde Ihr Passwort nicht gesendet. Bitte die vollständige Adresse beim Anbieter erfragen und eingeben.',
    noHub: 'Unter dieser Adresse gibt es keinen HipStatus-Hub. Bitte die richtige eingeben.',
    notCaldav: 'Unter dieser Adresse gibt es keinen CalDAV-Server. Bitte die Adresse prüfen.',
    noEmail: 'Es fehlt die E-Mail-Adresse, unter der Sie zu finden sind. Bitte sie im Menü eingeben.',
    noCalendars: 'Bei {service} gibt es keinen Kalender mit Terminen. Bitte Adresse und Account prüfen.',
    calendarGone: 'Einen ausgewählten Kalender gibt es bei {service} nicht mehr. Bitte die Kalender neu auswählen.',
    notCalendar: 'Unter der Adresse liegt kein Kalender. Bitte die Adresse noch einmal kopieren und eingeben.',
    incomplete: 'Der Kalender kam unvollständig an. HipStatus versucht es von selbst erneut.',
    tooLarge: 'Der Kalender ist zu groß. Bitte weniger davon veröffentlichen oder auswählen.',
    tooManyPages:
      'Der Kalender nimmt kein Ende. HipStatus versucht es von selbst erneut; sonst bitte den Helpdesk fragen.',
    'not-authorized': 'Das Passwort wurde von {service} nicht angenommen. Bitte erneuern.',
    'credentials-expired': 'Das Passwort ist bei {service} abgelaufen. Bitte ein neues setzen und hier eingeben.',
    'account-disabled': DEACTIVATED,
    'policy-violation': 'Der Server lehnt das nach seinen eigenen Regeln ab. Bitte die Administration fragen.',
    'host-unknown': 'Der Server ist für Ihre Adresse nicht zuständig. Bitte Adresse und Server prüfen.',
    noTls:
      'Der Server bietet keine Verschlüsselung, deshalb wurde das Passwort nicht gesendet. Bitte die Administration fragen.',
    mechanisms:
      'Der Server bietet keine Anmeldung, die HipStatus kennt (SCRAM-SHA-1, PLAIN). Bitte die Administration fragen.',
    certificate: 'Dem Zertifikat des Servers vertraut dieser Computer nicht. Bitte die Administration fragen.',
    replaced:
      'Ein anderes HipStatus auf diesem Computer hat sich mit Ihrem Account angemeldet. Bitte eines davon beenden.',
    offline:
      'Sie sind bei {service} offline, deshalb wurde nichts geändert. HipStatus macht weiter, sobald Sie dort sind.',
    changed: 'Ihr Status bei {service} hat sich inzwischen geändert. HipStatus sieht erneut nach.',
  },
};
