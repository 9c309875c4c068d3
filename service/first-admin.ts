import type { Logger } from 'pino';
import { badVariable, type Config } from '../core/config.ts';
import { AppError, badField } from '../core/errors.ts';
import { openDb } from '../db/client.ts';
import { findCredentials, findPlatformAdmin, insertOwner, lockFirstAdmin, promoteToAdmin } from '../db/query/accounts.ts';
import { notifyUserChanged } from '../db/query/sessions.ts';
import { checkedEmail, emailFault } from './accounts.ts';
import { newPasswordFault, openPasswords } from './passwords.ts';
import type { Runtime } from './runtime.ts';

export type FirstAdminConfig = Pick<Config, 'DATABASE_URL' | 'ADMIN_EMAIL' | 'ADMIN_PASSWORD' | 'SIGNUP_CREDIT'>;

const PASSWORD_MIN = 12;

/**
 * Makes the platform administrator that ADMIN_EMAIL and ADMIN_PASSWORD name, owner of a tenant too, when there is none
 * yet. Answers who the administrator is and whether it was made now; undefined when the variables are unset. Any number
 * of processes may call it at once.
 * @throws ConfigError for an unusable e-mail or password
 */
export async function ensureFirstAdmin(config: FirstAdminConfig, log: Logger): Promise<{ email: string; created: boolean } | undefined> {
  if (!config.ADMIN_EMAIL || !config.ADMIN_PASSWORD) return undefined;
  const faults = { ADMIN_EMAIL: emailFault(config.ADMIN_EMAIL), ADMIN_PASSWORD: newPasswordFault(config.ADMIN_PASSWORD, PASSWORD_MIN) };
  for (const name of ['ADMIN_EMAIL', 'ADMIN_PASSWORD'] as const) {
    if (faults[name] !== undefined) throw badVariable(name, faults[name]);
  }
  const email = checkedEmail(config.ADMIN_EMAIL);
  const db = openDb(config.DATABASE_URL, { max: 1, name: 'dialfleet first administrator' });
  try {
    return await db.sql.begin(async (tx) => {
      await lockFirstAdmin(tx);
      const admin = await findPlatformAdmin(tx);
      if (admin) return { email: admin.email, created: false };
      const passwordHash = await openPasswords().hash(config.ADMIN_PASSWORD);
      const taken = await findCredentials(tx, email);
      // somebody signed up with the address before: the operator's password replaces theirs
      if (taken) {
        await promoteToAdmin(tx, taken.id, passwordHash);
        await notifyUserChanged(tx, taken.id);
      } else await insertOwner(tx, { ...administrator(email, passwordHash), credit: config.SIGNUP_CREDIT });
      log.info({ email }, 'first platform administrator is ready');
      return { email, created: true };
    });
  } finally {
    await db.close();
  }
}

export interface NewAdmin {
  email: string;
  password: string;
  /** somebody who has an account with this address becomes administrator, with the new password */
  promote: boolean;
}

/**
 * Makes one more platform administrator, owner of a tenant of their own.
 * @throws AppError `validation` for an unusable e-mail or password; `duplicate` when the address has an account and `promote` is false
 */
export async function createAdmin(
  { db, config }: Pick<Runtime, 'db' | 'config'>,
  { email: given, password, promote }: NewAdmin,
): Promise<{ email: string; promoted: boolean }> {
  const email = checkedEmail(given);
  const fault = newPasswordFault(password, PASSWORD_MIN);
  if (fault !== undefined) throw badField('password', fault);
  const passwordHash = await openPasswords().hash(password);
  return db.sql.begin(async (tx) => {
    await lockFirstAdmin(tx);
    const taken = await findCredentials(tx, email);
    if (taken && !promote) throw new AppError('duplicate', 'This e-mail address has an account already');
    if (taken) await promoteToAdmin(tx, taken.id, passwordHash);
    else await insertOwner(tx, { ...administrator(email, passwordHash), credit: config.SIGNUP_CREDIT });
    return { email, promoted: taken !== undefined };
  });
}

/** The operator pays the carrier, so the operator's own calls wait for no credit. */
function administrator(email: string, passwordHash: string) {
  return { email, name: 'Administrator', passwordHash, platformRole: 'admin', autoRefill: true } as const;
}
