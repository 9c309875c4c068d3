import { AppError, badField, badFields } from '../core/errors.ts';
import { joinName, splitName } from '../core/person-name.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal, TenantRole } from '../core/principal.ts';
import { brokenUnique } from '../db/client.ts';
import { notifyUserChanged, revokeSessionsOf } from '../db/query/sessions.ts';
import { insertUser, type ListedUser, lockOwners, lockUser, updateProfile, updateStanding } from '../db/query/users.ts';
import { checkedEmail, signUpFaults } from './accounts.ts';
import { noteChange } from './changes.ts';
import { type Auth, forgetUser } from './sessions.ts';

/** The roles that can be given away; owners come from sign-up. */
export const GIVEN_ROLES = ['admin', 'manager', 'agent'] as const satisfies readonly TenantRole[];
export type GivenRole = (typeof GIVEN_ROLES)[number];

export interface NewColleague {
  email: string;
  password: string;
  name: string;
  role: GivenRole;
}

/**
 * Adds a person to the tenant of whoever asks, who may do so (the route's guard has seen to it).
 * @throws AppError `validation`; `duplicate` when the e-mail has an account
 */
export async function createUser(auth: Auth, who: Principal, input: NewColleague): Promise<ListedUser> {
  const faults = signUpFaults(input);
  if (faults.length > 0) throw badFields(faults);
  const name = input.name.trim();
  const user = await insertUser(auth.runtime.db.sql, {
    tenantId: who.tenantId,
    email: checkedEmail(input.email),
    name,
    firstName: undefined,
    lastName: undefined,
    phone: undefined,
    passwordHash: await auth.passwords.hash(input.password),
    role: input.role,
  }).catch((error: unknown) => {
    throw brokenUnique(error) === 'users_email' ? new AppError('duplicate', 'This e-mail address has an account already') : error;
  });
  await noteChange(auth.runtime, who.tenantId, 'users');
  return user;
}

export interface ProfileEdit {
  firstName?: string;
  lastName?: string;
  /** empty: none any more */
  phone?: string;
}

const NAME_MAX = 200;

/**
 * Changes what a person tells about themselves; what isn't named stays. The name in one piece follows the two.
 * @throws AppError `validation` naming the field
 */
export async function editProfile(auth: Auth, who: Principal, edit: ProfileEdit): Promise<ListedUser> {
  const { runtime } = auth;
  const phone = edit.phone === undefined || edit.phone.trim() === '' ? undefined : toE164(edit.phone);
  if (edit.phone?.trim() && phone === undefined) throw badField('phone', 'must be an E.164 number such as +14155550100');
  const user = await runtime.db.sql.begin(async (sql) => {
    const before = await lockUser(sql, who.tenantId, who.userId);
    if (!before) throw new AppError('not_found', 'User not found');
    const known = namesOf(before);
    const names = { firstName: edit.firstName?.trim() ?? known.firstName, lastName: edit.lastName?.trim() ?? known.lastName };
    const name = joinName(names);
    if (name === '') throw badField(edit.firstName === undefined ? 'lastName' : 'firstName', 'must leave a name');
    if (name.length > NAME_MAX) throw badField('firstName', `and lastName together may have ${NAME_MAX} characters`);
    const changed = await updateProfile(sql, who.tenantId, who.userId, {
      name,
      ...names,
      phone: edit.phone === undefined ? before.phone : (phone ?? null),
    });
    await notifyUserChanged(sql, who.userId);
    return changed;
  });
  if (!user) throw new AppError('not_found', 'User not found');
  forgetUser(auth, who.userId);
  await noteChange(runtime, who.tenantId, 'users');
  return user;
}

/** First and last name: as the person gave them, else as the name reads. */
export function namesOf(user: Pick<ListedUser, 'name' | 'firstName' | 'lastName'>) {
  return user.firstName === null && user.lastName === null
    ? splitName(user.name)
    : { firstName: user.firstName ?? '', lastName: user.lastName ?? '' };
}

/**
 * Gives a colleague another role, or switches them off or on. It holds at once on every server: what is remembered of them is
 * forgotten, and who is switched off is logged out everywhere.
 * @throws AppError `not_found`; `forbidden` when an admin touches an owner; `conflict` when the last owner would be gone
 */
export async function changeStanding(
  auth: Auth,
  who: Principal,
  userId: number,
  change: { role?: TenantRole; isActive?: boolean },
): Promise<ListedUser> {
  const { runtime } = auth;
  const user = await runtime.db.sql.begin(async (sql) => {
    const owners = await lockOwners(sql, who.tenantId);
    const before = await lockUser(sql, who.tenantId, userId);
    if (!before) throw new AppError('not_found', 'User not found');
    const standing = { role: change.role ?? before.role, isActive: change.isActive ?? before.isActive };
    if (who.role !== 'owner' && (before.role === 'owner' || standing.role === 'owner')) {
      throw new AppError('forbidden', 'Only an owner may change an owner or make one');
    }
    const stays = standing.role === 'owner' && standing.isActive;
    if (!stays && owners.length === 1 && owners[0] === userId) {
      throw new AppError('conflict', 'This is the last owner: make somebody else owner first');
    }
    const changed = await updateStanding(sql, who.tenantId, userId, standing);
    if (!standing.isActive) await revokeSessionsOf(sql, userId, 'switched off');
    await notifyUserChanged(sql, userId);
    return changed;
  });
  if (!user) throw new AppError('not_found', 'User not found');
  forgetUser(auth, userId);
  await noteChange(runtime, who.tenantId, 'users');
  return user;
}
