import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Where an address leads: `public` the internet, `private` this machine or a network of its own, `forbidden` nowhere that anybody is to
 * be sent to: no host at all, many at once, or the service that hands out the credentials of a cloud's machines.
 */
export type Reach = 'public' | 'private' | 'forbidden';

type Network = readonly [address: string, prefix: number];

/** IANA's registry of special-purpose IPv4 addresses (RFC 6890): networks that somebody may own. */
const PRIVATE_4: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // behind a carrier's NAT, RFC 6598
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

const FORBIDDEN_4: readonly Network[] = [
  ['0.0.0.0', 8], // "this network"; Linux takes 0.0.0.0 for loopback
  ['100.100.100.200', 32], // Alibaba's metadata
  ['169.254.0.0', 16], // link-local, and with it most clouds' metadata
  ['192.0.0.0', 24], // protocol assignments; Oracle's metadata
  ['192.0.2.0', 24],
  ['192.88.99.0', 24], // 6to4 relays
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

const PRIVATE_6: readonly Network[] = [
  ['::1', 128],
  ['fc00::', 7], // unique local, RFC 4193
];

/** Besides all that lies outside of global unicast, 2000::/3. */
const FORBIDDEN_6: readonly Network[] = [
  ['2001::', 23], // protocol assignments; Teredo, which carries an IPv4 address of anybody's choice
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['fd00:ec2::254', 128], // Amazon's metadata
  ['fd20:ce::254', 128], // Google's metadata
];

const listOf = (networks: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, family);
  return list;
};

const private4 = listOf(PRIVATE_4, 'ipv4');
const forbidden4 = listOf(FORBIDDEN_4, 'ipv4');
const private6 = listOf(PRIVATE_6, 'ipv6');
const forbidden6 = listOf(FORBIDDEN_6, 'ipv6');
const global6 = listOf([['2000::', 3]], 'ipv6');

/** The eight groups of an IPv6 address that is known to be one. */
export function groupsOf(address: string): readonly number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [, head = '', ...bytes] = dotted ?? [];
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
  const text = dotted === null ? address : `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  const [left = '', right] = text.split('::');
  const parse = (part: string | undefined) =>
    (part ?? '').split(':').flatMap((one) => (one === '' ? [] : parseInt(one, 16)));
  const start = parse(left);
  const end = parse(right);
  return [...start, ...new Array<number>(8 - start.length - end.length).fill(0), ...end];
}

const ipv4Of = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;

/** The IPv4 address that an IPv6 address is another form of; null for none. */
function embedded(groups: readonly number[]): string | null {
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  const startsWith = (...wanted: readonly number[]) => wanted.every((group, index) => groups[index] === group);
  const isMapped = startsWith(0, 0, 0, 0, 0, 0xffff); // ::ffff:0:0/96, RFC 4291
  const isTranslated = startsWith(0, 0, 0, 0, 0xffff, 0); // ::ffff:0:0:0/96, RFC 2765
  const isNat64 = startsWith(0x64, 0xff9b, 0, 0, 0, 0); // 64:ff9b::/96, RFC 6052
  const isCompatible = [a, b, c, d, e, f].every((group) => group === 0) && g !== 0; // ::/96, RFC 4291
  if (isMapped || isTranslated || isNat64 || isCompatible) return ipv4Of(g, h);
  return a === 0x2002 ? ipv4Of(b ?? 0, c ?? 0) : null; // 6to4, RFC 3056
}

/** Where an IP address leads, in whichever form; what is none is `forbidden`. */
export function reachOf(address: string): Reach {
  if (isIPv4(address)) {
    if (forbidden4.check(address)) return 'forbidden';
    return private4.check(address) ? 'private' : 'public';
  }
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return 'forbidden';
  const inner = embedded(groupsOf(plain));
  if (inner !== null) return reachOf(inner);
  if (forbidden6.check(plain, 'ipv6')) return 'forbidden';
  if (private6.check(plain, 'ipv6')) return 'private';
  return global6.check(plain, 'ipv6') ? 'public' : 'forbidden';
}
