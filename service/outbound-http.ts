import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Config } from '../core/config.ts';
import { readTarget, RefusedTarget, refuseInner } from './outbound-address.ts';

export { RefusedTarget } from './outbound-address.ts';

export interface PostLimits {
  /** for all of it: name service, connection, request and answer */
  timeoutMs: number;
  /** so much of the answer is read; what follows is left unread */
  maxAnswerBytes: number;
}

export interface PostAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** as text, its first `maxAnswerBytes` */
  body: string;
  isCut: boolean;
}

interface Address {
  address: string;
  family: number;
}

/** Every address of a host name. */
export type Resolve = (host: string) => Promise<Address[]>;

const CONNECT_TIMEOUT_MS = 5000;

const resolveAll: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/**
 * Posts JSON to an address that a tenant gave us. The name is resolved once, every one of its addresses must be public, and
 * the connection goes to exactly those, so that a name which changes its mind gains nothing; redirects are answers, not
 * followed. `WEBHOOK_PRIVATE_NETWORKS` lifts the rules about scheme and address.
 * @throws RefusedTarget before anything was sent; Error with a message fit for the tenant when no answer came
 */
export async function postJson(
  config: Pick<Config, 'WEBHOOK_PRIVATE_NETWORKS'>,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  limits: PostLimits,
  resolve: Resolve = resolveAll,
): Promise<PostAnswer> {
  const target = readTarget(config, url);
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const addresses = await orTimeout(addressesOf(target.host, resolve), deadline, limits.timeoutMs);
  for (const { address } of addresses) refuseInner(config, address);
  return send(target.url, body, limits, deadline, {
    method: 'POST',
    headers: { 'user-agent': 'Dialfleet/1.0', accept: '*/*', ...headers, ...ownHeaders(body) },
    // a kept connection would outlive what was checked here
    agent: false,
    lookup: only(addresses),
  });
}

function ownHeaders(body: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
}

async function addressesOf(host: string, resolve: Resolve): Promise<Address[]> {
  if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }];
  const addresses = await resolve(host).catch((error: unknown) => {
    throw new Error(`The host name does not resolve (${codeOf(error)})`, { cause: error });
  });
  if (addresses.length === 0) throw new Error('The host name does not resolve');
  return addresses;
}

/** A name service that knows these addresses and no others. */
function only(addresses: readonly Address[]): LookupFunction {
  const [first] = addresses;
  return (_host, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function send(url: URL, body: string, limits: PostLimits, deadline: AbortSignal, options: RequestOptions): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    const fail = (error: unknown) => reject(inWords(error));
    const giveUp = () => request.destroy(lateAnswer(limits.timeoutMs));
    const connecting = setTimeout(() => request.destroy(new Error('No connection within 5 seconds')), CONNECT_TIMEOUT_MS);
    deadline.addEventListener('abort', giveUp, { once: true });
    request.once('socket', (socket) =>
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting)),
    );
    request.once('close', () => {
      clearTimeout(connecting);
      deadline.removeEventListener('abort', giveUp);
    });
    request.once('error', fail);
    request.once('response', (response) => {
      readAnswer(response, limits.maxAnswerBytes)
        .then(resolve, fail)
        .finally(() => request.destroy());
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<PostAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body, isCut: bytes > maxBytes };
}

/** The name service can't be interrupted; its late answer is left alone. */
function orTimeout<T>(work: Promise<T>, deadline: AbortSignal, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(lateAnswer(timeoutMs));
    deadline.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', giveUp));
  });
}

function lateAnswer(timeoutMs: number): Error {
  return new Error(`No answer within ${timeoutMs / 1000} seconds`);
}

/** System errors name inner things such as the address that was tried; their code says enough. */
function inWords(error: unknown): Error {
  if (error instanceof RefusedTarget) return error;
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new Error(`No answer (${code})`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return code;
  // several addresses were tried
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}
