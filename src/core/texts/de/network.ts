import type { NETWORK } from '../en/network.ts';

/** Why a service could not be reached: what is wrong, and what a person can do about it. By `NetworkReason`. */
export const NETWORK_DE = {
  'network.offline.what': 'Kein Netzwerk führt zu {service}.',
  'network.offline.next': 'Bitte Netzwerkverbindung und VPN prüfen. HipStatus macht von selbst weiter.',
  'network.dns.what': 'Der Hostname von {service} wurde nicht gefunden.',
  'network.dns.next': 'Bitte Netzwerkverbindung, VPN und die Adresse in den Einstellungen prüfen.',
  'network.refused.what': 'Die Verbindung zu {service} wird abgelehnt: Unter der Adresse antwortet nichts.',
  'network.refused.next': 'Bitte die Adresse in den Einstellungen, VPN und Firewall prüfen.',
  'network.dropped.what': 'Die Verbindung zu {service} ist abgebrochen.',
  'network.dropped.next': 'Bitte Netzwerkverbindung, VPN und Firewall prüfen. HipStatus versucht es von selbst erneut.',
  'network.timeout.what': 'Von {service} kam nicht rechtzeitig eine Antwort.',
  'network.timeout.next':
    'HipStatus versucht es von selbst erneut. Wenn es so bleibt, bitte VPN, Proxy und Firewall prüfen.',
  'network.certificateAuthority.what':
    'Das Zertifikat von {service} stammt von einer Zertifizierungsstelle, der dieser Computer nicht vertraut.',
  'network.certificateAuthority.next':
    'In einem Gastnetz bitte zuerst im Netzwerk anmelden. Ist es die Zertifizierungsstelle Ihrer Organisation, gehört deren PEM-Datei in organisation.trustedCertificateFiles.',
  'network.certificateDates.what': 'Das Zertifikat von {service} ist abgelaufen oder noch nicht gültig.',
  'network.certificateDates.next':
    'Bitte die Uhr dieses Computers prüfen. Geht sie richtig, braucht der Server ein neues Zertifikat; organisation.trustedCertificateFiles hilft nicht, denn die Gültigkeit wird immer geprüft.',
  'network.certificateHost.what': 'Das Zertifikat von {service} gilt für einen anderen Hostnamen.',
  'network.certificateHost.next':
    'Bitte die Adresse in den Einstellungen prüfen. In einem Gastnetz bitte zuerst im Netzwerk anmelden. organisation.trustedCertificateFiles hilft nicht, denn Namen werden immer geprüft.',
  'network.tls.what': 'Eine sichere Verbindung zu {service} kam nicht zustande.',
  'network.tls.next':
    'Bitte die Adresse in den Einstellungen prüfen und die Administration fragen, was dazwischen steht: ein Proxy, eine Firewall oder ein verlangtes Client-Zertifikat.',
  'network.proxyAuth.what': 'Der Proxy verlangt eine Anmeldung, deshalb gelang die Verbindung zu {service} nicht.',
  'network.proxyAuth.next':
    'Bitte in HTTPS_PROXY Benutzername und Passwort angeben (http://user:password@host:port) oder diesen Computer von der Administration freigeben lassen.',
  'network.proxyUnreachable.what': 'Der Proxy auf dem Weg zu {service} war nicht erreichbar.',
  'network.proxyUnreachable.next':
    'Bitte VPN und Proxy prüfen: in den Netzwerkeinstellungen dieses Computers, für die Kommandozeile in HTTPS_PROXY.',
  'network.proxyRefused.what': 'Der Proxy lässt HipStatus nicht zu {service} durch.',
  'network.proxyRefused.next': 'Bitte diese Adresse von der Administration freigeben lassen.',
  'network.proxyCertificate.what': 'Das Zertifikat des Proxys auf dem Weg zu {service} ist nicht vertrauenswürdig.',
  'network.proxyCertificate.next':
    'Die PEM-Datei seiner Zertifizierungsstelle gehört in organisation.trustedCertificateFiles.',
  'network.proxySettings.what': 'Die Proxy-Einstellungen für {service} sind nicht brauchbar.',
  'network.proxySettings.next':
    'Bitte den Proxy in den Netzwerkeinstellungen dieses Computers prüfen, für die Kommandozeile in HTTPS_PROXY: http://host:port.',
  'network.signInPage.what':
    'Von {service} wurden Daten erwartet, aber es kam eine Webseite. Sie sieht aus wie die Anmeldeseite eines Netzwerks.',
  'network.signInPage.next': 'Bitte im Browser im Netzwerk anmelden und erneut versuchen.',
} as const satisfies Record<keyof typeof NETWORK, string>;
