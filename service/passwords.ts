import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { openTurns } from './turns.ts';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;

/** What every list of leaked passwords begins with, as far as it has eight characters (ASVS 6.2.4). */
const COMMON = new Set(
  (
    'password password1 password12 password123 passw0rd p@ssword p@ssw0rd 12345678 123456789 1234567890 87654321 11111111 00000000 ' +
    '12341234 11223344 88888888 qwertyui qwertyuiop qwerty12 qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx asdfghjk asdfghjkl ' +
    'abcdefgh abcd1234 abc12345 a1b2c3d4 iloveyou iloveyou1 sunshine princess football baseball superman trustno1 welcome1 ' +
    'letmein1 changeme changeme1 admin123 admin1234 administrator whatever starwars computer michelle jennifer corvette'
  ).split(' '),
);

/** argon2id with 19 MiB, two passes, one lane (OWASP Password Storage). `const enum` values need the number. */
const ARGON2ID: Algorithm.Argon2id = 2;
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Hashing occupies a core for 10 ms: two at a time leave room for everything else, and a flood is turned away. */
const CONCURRENT = 2;
const WAITING = 200;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Compares in the same time when there is no hash to compare with, and then answers false. */
  verify(hashed: string | undefined, password: string): Promise<boolean>;
}

/** Opens the hasher of one process. @throws AppError `unavailable` when too many log-ins wait already */
export function openPasswords(): Passwords {
  const withPlace = openTurns(CONCURRENT, WAITING, 'Too many people log in right now');
  let dummy: Promise<string> | undefined;
  return {
    hash: (password) => withPlace(() => hash(password, OPTIONS)),
    verify: (hashed, password) =>
      withPlace(async () => {
        dummy ??= hash('nobody has this password', OPTIONS);
        const matches = await verify(hashed ?? (await dummy), password);
        return matches && hashed !== undefined;
      }),
  };
}

/** True when a hash was made with weaker parameters than today's. */
export function isOutdated(hashed: string): boolean {
  return !hashed.startsWith(CURRENT);
}

/** Why a password can't be a new one, such as that it is what a guesser tries first; undefined: it can. */
export function newPasswordFault(password: string, least = PASSWORD_MIN): string | undefined {
  if (password.length < least) return `must have at least ${least} characters`;
  if (password.length > PASSWORD_MAX) return `must have at most ${PASSWORD_MAX} characters`;
  return COMMON.has(password.toLowerCase()) ? 'is one of the most common passwords' : undefined;
}
