import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import { AppError } from '../core/errors.ts';

/** What an access token says. It is good only as long as its session is. */
export interface AccessClaims {
  sessionId: number;
  userId: number;
  tenantId: number;
  /** epoch seconds */
  expiresAt: number;
}

export interface Tokens {
  signAccess(claims: Omit<AccessClaims, 'expiresAt'>, ttlSeconds: number): string;
  /** @throws AppError `token_expired` or `unauthorized` */
  verifyAccess(token: string): AccessClaims;
  /** The anti-forgery value of a session: random, and provably ours (signed double submit). */
  mintCsrf(sessionId: number): string;
  isCsrf(sessionId: number, value: string): boolean;
  /** The refresh token that one is exchanged for: always the same, and nobody else can say which. Only hashes need to be kept. */
  successorOf(refreshToken: string): string;
}

const ALGORITHM = 'HS256';
const AUDIENCE = 'dialfleet';

interface Payload {
  sub: string;
  sid: number;
  tid: number;
  exp: number;
}

/** Signs and verifies with one algorithm and one key; nothing else is ever accepted (ASVS 9.1.2). */
export function openTokens(secret: string): Tokens {
  const key = Buffer.from(secret);
  const sign = createSigner({ key, algorithm: ALGORITHM });
  const verify = createVerifier({
    key,
    algorithms: [ALGORITHM],
    allowedAud: AUDIENCE,
    requiredClaims: ['sub', 'sid', 'tid', 'typ', 'exp'],
  });
  // a key of its own: a token signed for one purpose must not serve another
  const csrfKey = createHmac('sha256', key).update('csrf').digest();
  const successorKey = createHmac('sha256', key).update('refresh successor').digest();
  const csrfMac = (sessionId: number, nonce: string) => createHmac('sha256', csrfKey).update(`${sessionId}.${nonce}`).digest('base64url');

  return {
    signAccess({ sessionId, userId, tenantId }, ttlSeconds) {
      const exp = Math.floor(Date.now() / 1000) + ttlSeconds;
      return sign({ sub: String(userId), sid: sessionId, tid: tenantId, typ: 'access', aud: AUDIENCE, exp });
    },
    verifyAccess(token) {
      try {
        const payload = verify(token) as Payload & { typ: string };
        if (payload.typ !== 'access') throw new AppError('unauthorized', 'This is not an access token');
        return { sessionId: payload.sid, userId: Number(payload.sub), tenantId: payload.tid, expiresAt: payload.exp };
      } catch (error) {
        if (error instanceof TokenError) {
          if (error.code === TokenError.codes.expired) throw new AppError('token_expired', 'The token has expired');
          throw new AppError('unauthorized', 'The token is not valid');
        }
        throw error;
      }
    },
    mintCsrf(sessionId) {
      const nonce = randomBytes(16).toString('base64url');
      return `${nonce}.${csrfMac(sessionId, nonce)}`;
    },
    isCsrf(sessionId, value) {
      const [nonce = '', mac = ''] = value.split('.', 2);
      const given = Buffer.from(mac);
      const right = Buffer.from(csrfMac(sessionId, nonce));
      return given.length === right.length && timingSafeEqual(given, right);
    },
    successorOf(refreshToken) {
      return createHmac('sha256', successorKey).update(refreshToken).digest('base64url');
    },
  };
}

/** A refresh token: 256 random bits that mean nothing by themselves. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a refresh token. It has enough entropy for a plain hash. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
