import { BlockList, isIP } from 'node:net';

/** Addresses and names that a setting lists: `10.0.0.0/8`, `192.168.1.7`, `fd00::/8`, `crm.intern.example`. */
export interface AddressList {
  /** Whether it lists this IP address, alone or within a network. */
  hasAddress(address: string): boolean;
  /** Whether it lists this host by its very name. */
  hasHost(host: string): boolean;
}

const hostForm =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/i;

/** Throws RangeError naming the first entry that is neither an address, a network nor a host name. */
export function readAddressList(entries: readonly string[]): AddressList {
  const networks = new BlockList();
  const hosts = new Set<string>();
  for (const entry of entries) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? widthOf(version) : Number(prefix);
    if (
      version !== 0 &&
      rest.length === 0 &&
      /^\d{1,3}$/.test(prefix ?? '0') &&
      bits <= widthOf(version)
    )
      networks.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
    else if (version === 0 && prefix === undefined && hostForm.test(entry))
      hosts.add(entry.toLowerCase());
    else throw new RangeError(entry);
  }
  return {
    hasAddress: (address) => has(networks, address),
    hasHost: (host) => hosts.has(host.toLowerCase()),
  };
}

const widthOf = (version: number): number => (version === 4 ? 32 : 128);

function has(networks: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && networks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

const compatible = '0:0:0:0:0:0';
/** The first six numbers of addresses that end with one of IPv4: compatible, mapped, translated, NAT64 (64:ff9b::/96). */
const carriers = new Set([compatible, '0:0:0:0:0:65535', '0:0:0:0:65535:0', '100:65435:0:0:0:0']);

/** Without brackets and zone; an IPv4 address that is written as IPv6 (mapped, compatible, NAT64, 6to4) as what it is. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  const high = groups.slice(0, 6).join(':');
  // :: and ::1 are addresses of IPv6 itself.
  const isOwn = high === compatible && groups[6] === 0 && groups[7]! <= 1;
  if (carriers.has(high) && !isOwn) return dotted(groups[6]!, groups[7]!);
  return groups[0] === 0x2002 ? dotted(groups[1]!, groups[2]!) : bare;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const tail = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex =
    tail === null
      ? address
      : address.slice(0, tail.index) +
        [0, 2]
          .map((at) => ((Number(tail[at + 1]) << 8) | Number(tail[at + 2])).toString(16))
          .join(':');
  const [left = '', right] = hex.split('::');
  const read = (text: string) =>
    text === '' ? [] : text.split(':').map((part) => parseInt(part, 16));
  const [first, last] = [read(left), read(right ?? '')];
  const gap = right === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array.from({ length: gap }, () => 0), ...last];
}
