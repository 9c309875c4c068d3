import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Config } from '../core/config.ts';

/** We don't call there; `message` goes on after the address of the receiver: "is not a public address". */
export class RefusedTarget extends Error {
  override name = 'RefusedTarget';
}

/** Where a request may go: an address that was read, and the host as a resolver or a socket takes it. */
export interface Target {
  url: URL;
  /** without the brackets of IPv6 */
  host: string;
}

type Policy = Pick<Config, 'WEBHOOK_PRIVATE_NETWORKS'>;

const MAX_URL_LENGTH = 2000;
/** Names that never lead into the public network, RFC 6761, 6762 and what clouds call their inner services. */
const INNER_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|test|invalid|onion)\.?$/;
/** Answers to every machine in one large cloud, though its number looks public. */
const CLOUD_HOST = '168.63.129.16';

/**
 * Reads an address that somebody wants us to call, and refuses what can be refused without asking the name service. The
 * parser of WHATWG writes decimal, octal and hexadecimal hosts as plain addresses, so that they are judged as such.
 * @throws RefusedTarget
 */
export function readTarget(policy: Policy, text: string): Target {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new RefusedTarget(`must be a URL of at most ${MAX_URL_LENGTH} characters`);
  const isFree = policy.WEBHOOK_PRIVATE_NETWORKS;
  if (url.protocol !== 'https:' && !(isFree && url.protocol === 'http:'))
    throw new RefusedTarget('must begin with https:// (WEBHOOK_PRIVATE_NETWORKS allows http)');
  if (url.username !== '' || url.password !== '') throw new RefusedTarget('must not hold a user name or a password');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isFree) return { url, host };
  if (isIP(host) === 0 && (!host.replace(/\.$/, '').includes('.') || INNER_NAME.test(host))) {
    throw new RefusedTarget('must have a public host name');
  }
  if (isIP(host) !== 0) refuseInner(policy, host);
  return { url, host };
}

/** @throws RefusedTarget unless the address belongs to the public network */
export function refuseInner(policy: Policy, address: string): void {
  if (!policy.WEBHOOK_PRIVATE_NETWORKS && !isPublic(address))
    throw new RefusedTarget('does not lead to a public address (WEBHOOK_PRIVATE_NETWORKS allows others)');
}

/**
 * Whether an IP address is one of the public network: not private, loopback, link-local (metadata services), carrier-grade,
 * multicast, reserved or a form that carries such an IPv4 address inside (IANA special-purpose registries, RFC 6890).
 */
export function isPublic(address: string): boolean {
  // a zone (`fe80::1%eth0`) names an interface, and none of those is public
  if (isIP(address) === 0 || address.includes('%')) return false;
  const ip = ipaddr.process(address);
  if (ip.range() !== 'unicast' || ip.toString() === CLOUD_HOST) return false;
  // so far only an eighth of IPv6 is given out, RFC 4291 §2.4
  return ip.kind() === 'ipv4' || ((ip.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}
