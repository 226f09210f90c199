import { isIPv6 } from 'node:net';
import { groupsOf } from '../guard/addresses.ts';

/**
 * Whom an address is counted for: itself, or for IPv6 its /64, which is what a network gives one machine, with 2^64 addresses to choose
 * from. IPv4 in the form of IPv6 counts as IPv4.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':');
}
