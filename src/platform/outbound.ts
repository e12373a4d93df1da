import { lookup as lookUpName } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { plainAddress, readAddressList } from './address-list.ts';
import type { AddressList } from './address-list.ts';

/**
 * Which addresses this process calls. An administrator types where a CRM, a phone system or a sign-in service is; without a limit they
 * could make the hub ask what only it can reach: other services of its machine, its network, the cloud's metadata. A name is
 * looked up for the connection itself and only what is allowed is connected to, so a name that changes in between gains nothing
 * (docs/decisions/0011-outbound.md).
 */

/**
 * What is called: a `service` (CRM, sign-in, webhook); a phone system that is spoken to only once it has greeted as one
 * (`phone-link`), or one that is asked by HTTP (`phone-web`). Most phone systems stand in the house.
 */
export type Purpose = 'service' | 'phone-link' | 'phone-web';

export interface OutboundRules {
  /** Addresses, networks and host names that may be called whatever they are. */
  allowed: readonly string[];
  /** Networks besides the public ones in which phone systems may be. */
  phoneNetworks: readonly string[];
}

/** Private networks: what a house has inside (RFC 1918, RFC 4193, and RFC 6598 as overlay networks use it). */
export const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
];
/** This machine. */
export const loopback = ['127.0.0.0/8', '::1'];

/** Where phone systems may be when nothing is said. */
export const usualPhoneNetworks = [...privateNetworks, ...loopback];

/** Everything that no service on the Internet has: IANA's special-purpose registries, without what is globally reachable. */
const thisMachine = readAddressList(loopback);
const notPublic = readAddressList([
  ...privateNetworks,
  ...loopback,
  ...[
    '0.0.0.0/8',
    '169.254.0.0/16',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '198.18.0.0/15',
  ],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '3fff::/20', '5f00::/16'],
  ...['fe80::/10', 'fec0::/10', 'ff00::/8'],
]);

interface Limits {
  allowed: AddressList;
  phones: AddressList;
}

/** Null: whoever runs this process is who types the addresses (a command at a terminal, a test). */
let limits: Limits | null = null;

/** From now on only public addresses are called, and what the rules allow. For whoever starts a hub. */
export function limitOutbound(rules: OutboundRules): void {
  limits = {
    allowed: readAddressList(rules.allowed),
    phones: readAddressList(rules.phoneNetworks),
  };
}

/** The address may not be called. Its `code` is what sockets give as the reason of their failure. */
export class AddressRefused extends Error {
  readonly code = 'ERR_ADDRESS_REFUSED';

  constructor(host: string) {
    super(`${host} is in a private network or on this machine, which this hub does not call.`);
    this.name = 'AddressRefused';
  }
}

/** Throws AddressRefused when `host` is an IP address that may not be called; of a name the look-up decides. */
export function refuseAddress(host: string, purpose: Purpose): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare.replace(/%.*$/, '')) !== 0 && !mayCall(host, bare, purpose))
    throw new AddressRefused(host);
}

/** `dns.lookup` that finds only what may be called; `lookup` of net.connect, tls.connect and http.request. */
export function guardedLookup(purpose: Purpose): LookupFunction {
  return (host, options, done) => {
    lookUpName(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, []);
      const open = found.filter(({ address }) => mayCall(host, address, purpose));
      const [first] = open;
      if (first === undefined) return done(new AddressRefused(host), []);
      if (options.all === true) done(null, open);
      else done(null, first.address, first.family);
    });
  };
}

function mayCall(host: string, address: string, purpose: Purpose): boolean {
  if (limits === null) return true;
  const plain = plainAddress(address);
  if (!notPublic.hasAddress(plain)) return true;
  const { allowed, phones } = limits;
  if (allowed.hasHost(host) || allowed.hasAddress(plain)) return true;
  if (purpose === 'service' || !phones.hasAddress(plain)) return false;
  // Anything may listen on this machine, and a request is a request also to what is no phone system.
  return purpose === 'phone-link' || !thisMachine.hasAddress(plain);
}
