import { AppError, badField, badFields, type FieldError } from '../core/errors.ts';
import { brokenUnique } from '../db/client.ts';
import { findCredentials, insertOwner, updatePasswordHash, type UserRow } from '../db/query/accounts.ts';
import { isOutdated, newPasswordFault } from './passwords.ts';
import { type Auth, type ClientFacts, type Login, openSession } from './sessions.ts';

export interface SignedIn {
  user: UserRow;
  login: Login;
}

/** The address part of the HTML standard's e-mail grammar, with a dot in the domain. ASCII, so every lower case agrees. */
const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const EMAIL_MAX = 254;
const NAME_MAX = 200;

/** @throws AppError `validation` naming `email` */
export function checkedEmail(email: string): string {
  const fault = emailFault(email);
  if (fault !== undefined) throw badField('email', fault);
  return plainEmail(email);
}

const plainEmail = (email: string) => email.trim().toLowerCase();

/** Why nobody can be called so; undefined: they can. */
export function emailFault(email: string): string | undefined {
  const plain = plainEmail(email);
  return plain.length > EMAIL_MAX || !EMAIL.test(plain) ? 'is not an e-mail address' : undefined;
}

function nameFault(name: string): string | undefined {
  return name === '' || name.length > NAME_MAX ? `must have 1 to ${NAME_MAX} characters` : undefined;
}

export interface NewAccount {
  email: string;
  password: string;
  name: string;
}

/** Everything that is wrong with a sign-up; what is no text is somebody else's to judge. */
export function signUpFaults({ email, password, name }: Partial<Record<keyof NewAccount, unknown>>): FieldError[] {
  const found = {
    email: typeof email === 'string' ? emailFault(email) : undefined,
    password: typeof password === 'string' ? newPasswordFault(password) : undefined,
    name: typeof name === 'string' ? nameFault(name.trim()) : undefined,
  };
  return Object.entries(found).flatMap(([field, message]) => (message === undefined ? [] : [{ field, message, in: 'body' as const }]));
}

/**
 * Makes a tenant with its owner and the credit it starts with, and logs the owner in.
 * @throws AppError `validation`; `duplicate` when the e-mail has an account
 */
export async function signUp(auth: Auth, input: NewAccount, client: ClientFacts, lifetimeSeconds?: number): Promise<SignedIn> {
  const faults = signUpFaults(input);
  if (faults.length > 0) throw badFields(faults);
  const email = checkedEmail(input.email);
  const name = input.name.trim();
  const passwordHash = await auth.passwords.hash(input.password);
  const user = await insertOwner(auth.runtime.db.sql, {
    email,
    name,
    passwordHash,
    platformRole: 'user',
    credit: auth.runtime.config.SIGNUP_CREDIT,
    autoRefill: false,
  }).catch((error: unknown) => {
    throw brokenUnique(error) === 'users_email' ? new AppError('duplicate', 'This e-mail address has an account already') : error;
  });
  return { user, login: await openSession(auth, { ...user, passwordHash }, client, lifetimeSeconds) };
}

/**
 * Logs in by e-mail and password. Unknown e-mail, wrong password and switched-off user take the same time and read the same.
 * @throws AppError `invalid_credentials`
 */
export async function logIn(
  auth: Auth,
  input: { email: string; password: string },
  client: ClientFacts,
  lifetimeSeconds?: number,
): Promise<SignedIn> {
  const { sql } = auth.runtime.db;
  const found = await findCredentials(sql, input.email.trim().toLowerCase());
  const matches = await auth.passwords.verify(found?.passwordHash, input.password);
  if (!found || !matches || !found.isActive) throw new AppError('invalid_credentials', 'Invalid email or password');
  const { passwordHash: proven, isActive: _, ...user } = found;
  const passwordHash = isOutdated(proven) ? await auth.passwords.hash(input.password) : proven;
  if (passwordHash !== proven) await updatePasswordHash(sql, user.id, { from: proven, to: passwordHash });
  return { user, login: await openSession(auth, { ...user, passwordHash }, client, lifetimeSeconds) };
}
