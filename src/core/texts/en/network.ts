/** Why a service could not be reached: what is wrong, and what a person can do about it. By `NetworkReason`. */
export const NETWORK = {
  'network.offline.what': 'There is no network that leads to {service}.',
  'network.offline.next': 'Check the network connection and VPN. HipStatus goes on by itself.',
  'network.dns.what': 'The host name of {service} was not found.',
  'network.dns.next': 'Check the network connection and VPN, and the address in the settings.',
  'network.refused.what': '{service} refuses the connection: nothing answers at its address.',
  'network.refused.next': 'Check the address in the settings, the VPN and the firewall.',
  'network.dropped.what': 'The connection to {service} was cut off.',
  'network.dropped.next': 'Check the network connection, VPN and firewall. HipStatus tries again by itself.',
  'network.timeout.what': '{service} did not answer in time.',
  'network.timeout.next': 'HipStatus tries again by itself. If it stays so, check VPN, proxy and firewall.',
  'network.certificateAuthority.what':
    'The certificate of {service} comes from an authority that this computer does not trust.',
  'network.certificateAuthority.next':
    "In a guest network, sign in to the network first. If it is your organisation's own authority, name its PEM file in organisation.trustedCertificateFiles.",
  'network.certificateDates.what': 'The certificate of {service} has expired, or is not valid yet.',
  'network.certificateDates.next':
    "Check this computer's clock. If it is right, the server needs a new certificate; organisation.trustedCertificateFiles does not help, as dates are always checked.",
  'network.certificateHost.what': 'The certificate of {service} is for another host name.',
  'network.certificateHost.next':
    'Check the address in the settings. In a guest network, sign in to the network first. organisation.trustedCertificateFiles does not help, as names are always checked.',
  'network.tls.what': 'No secure connection to {service} could be made.',
  'network.tls.next':
    'Check the address in the settings, and ask your administrators what stands between: a proxy, a firewall, or a client certificate that is wanted.',
  'network.proxyAuth.what': 'Your proxy asks for a sign-in, so {service} could not be reached.',
  'network.proxyAuth.next':
    'Give HTTPS_PROXY a user name and password (http://user:password@host:port), or ask your administrators to let this computer through.',
  'network.proxyUnreachable.what': 'The proxy on the way to {service} could not be reached.',
  'network.proxyUnreachable.next':
    "Check the VPN and the proxy: in this computer's network settings, for the command line in HTTPS_PROXY.",
  'network.proxyRefused.what': 'The proxy does not let HipStatus through to {service}.',
  'network.proxyRefused.next': 'Ask your administrators to allow this address.',
  'network.proxyCertificate.what': 'The certificate of the proxy on the way to {service} is not trusted.',
  'network.proxyCertificate.next': 'Name the PEM file of its authority in organisation.trustedCertificateFiles.',
  'network.proxySettings.what': 'The proxy settings for {service} can not be used.',
  'network.proxySettings.next':
    "Check the proxy in this computer's network settings, for the command line in HTTPS_PROXY: http://host:port.",
  'network.signInPage.what':
    '{service} was expected to send data, but a web page came. It looks like the sign-in page of a network.',
  'network.signInPage.next': 'Open a browser, sign in to the network, and try again.',
} as const;
